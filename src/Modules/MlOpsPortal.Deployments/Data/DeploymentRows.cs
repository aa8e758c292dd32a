using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Deployments.Data;

/// <summary>Deployments of every tenant, for the routing table: read as the system role (docs/system-tables.md).</summary>
internal static class DeploymentRows
{
    /// <param name="id">Null for all that are not archived.</param>
    public static async Task<List<(TenantId Tenant, string Document)>> ReadAsync(PortalDatabase database, DeploymentId? id, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            id is null ? "SELECT tenant_id, document::text FROM deployments.deployments WHERE archived_at IS NULL" : "SELECT tenant_id, document::text FROM deployments.deployments WHERE id = $1");
        if (id is { } one)
            command.Parameters.Add(new NpgsqlParameter { Value = one.Value });
        var found = new List<(TenantId, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found.Add((new TenantId(reader.GetGuid(0)), reader.GetString(1)));
        return found;
    }
}
