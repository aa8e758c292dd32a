using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Data;

/// <summary>Tells row-level security the tenant whenever a context opens a connection. Npgsql resets the setting when the connection
/// goes back to the pool, so that the next user starts with none.</summary>
internal sealed class TenantConnectionInterceptor : DbConnectionInterceptor
{
    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection, eventData);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection, eventData);
        command.ExecuteNonQuery();
    }

    private static DbCommand Command(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (eventData.Context is not TenantDbContext context)
            throw new InvalidOperationException("Only tenant contexts use the tenant's connections.");
        var command = connection.CreateCommand();
        command.CommandText = "SELECT set_config('app.tenant', $1, false)";
        var parameter = command.CreateParameter();
        parameter.Value = context.Tenant == default(TenantId) ? "" : context.Tenant.Value.ToString("d");
        command.Parameters.Add(parameter);
        return command;
    }
}
