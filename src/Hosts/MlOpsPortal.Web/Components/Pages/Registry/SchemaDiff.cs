using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Registry.Bridge;

namespace MlOpsPortal.Web.Components.Pages.Registry;

public enum SchemaChange
{
    Same,
    Added,
    Removed,
    Changed,
    Moved,
}

/// <summary>A field in both versions, or in one.</summary>
/// <param name="Left">As the first version has it; null when it does not.</param>
public sealed record SchemaRow(string Name, string? Left, string? Right, SchemaChange Change);

/// <summary>What differs between the signatures of two versions.</summary>
public static class SchemaDiff
{
    /// <param name="ignoreOrder">A column that only stands elsewhere is the same.</param>
    public static ImmutableArray<SchemaRow> Of(ImmutableArray<ModelField>? left, ImmutableArray<ModelField>? right, bool ignoreOrder)
    {
        var (before, after) = (Placed(left), Placed(right));
        var rows = ImmutableArray.CreateBuilder<SchemaRow>();
        foreach (var (name, field) in before)
            rows.Add(after.FirstOrDefault(other => other.Name == name) is { Name: not null } there
                ? new SchemaRow(name, Text(field.Field), Text(there.Field.Field), Change(field, there.Field, ignoreOrder))
                : new SchemaRow(name, Text(field.Field), null, SchemaChange.Removed));
        foreach (var (name, field) in after)
            if (!before.Any(other => other.Name == name))
                rows.Add(new SchemaRow(name, null, Text(field.Field), SchemaChange.Added));
        return rows.ToImmutable();
    }

    private static SchemaChange Change(Place before, Place after, bool ignoreOrder) =>
        Text(before.Field) != Text(after.Field) ? SchemaChange.Changed : !ignoreOrder && before.At != after.At ? SchemaChange.Moved : SchemaChange.Same;

    /// <summary>A field without a name is called by its place.</summary>
    private static List<(string Name, Place Field)> Placed(ImmutableArray<ModelField>? fields) =>
        [.. (fields ?? []).Select((field, at) => (field.Name ?? "(" + (at + 1).ToString(CultureInfo.InvariantCulture) + ")", new Place(field, at))).DistinctBy(field => field.Item1, StringComparer.Ordinal)];

    private static string Text(ModelField field) => field.Required ? field.Type : field.Type + ", optional";

    private sealed record Place(ModelField Field, int At);
}
