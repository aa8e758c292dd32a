using System.Text;
using Microsoft.EntityFrameworkCore;

namespace MlOpsPortal.Platform.Data;

/// <summary>Columns, keys and indexes in snake_case, so that hand-written SQL (policies, partitions, batches) needs no quotes.</summary>
public static class SnakeCase
{
    /// <summary>Call last in OnModelCreating. Names that were given by hand in snake_case stay as they are.</summary>
    public static void Apply(ModelBuilder modelBuilder)
    {
        // What is stored inside a JSON column has no columns of its own.
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(entity => !entity.IsMappedToJson()))
        {
            foreach (var property in entity.GetDeclaredProperties())
                property.SetColumnName(Convert(property.GetColumnName()));
            foreach (var key in entity.GetDeclaredKeys())
                key.SetName(Convert(key.GetName() ?? ""));
            foreach (var foreignKey in entity.GetDeclaredForeignKeys())
                foreignKey.SetConstraintName(Convert(foreignKey.GetConstraintName() ?? ""));
            foreach (var index in entity.GetDeclaredIndexes())
                index.SetDatabaseName(Convert(index.GetDatabaseName() ?? ""));
        }
    }

    private static string Convert(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var at = 0; at < name.Length; at++)
        {
            if (char.IsUpper(name[at]) && at > 0 && name[at - 1] != '_' && (!char.IsUpper(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1]))))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[at]));
        }

        return text.ToString();
    }
}
