using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Platform.KeyRing;

/// <summary>The data-protection key ring in PostgreSQL, so that every portal process can read every cookie.</summary>
public sealed class DatabaseKeyRing(PortalDatabase database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.System.CreateCommand("SELECT xml FROM platform.data_protection_keys");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
            keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.System.CreateCommand("INSERT INTO platform.data_protection_keys (id, xml) VALUES ($1, $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = friendlyName });
        command.Parameters.Add(new NpgsqlParameter { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
