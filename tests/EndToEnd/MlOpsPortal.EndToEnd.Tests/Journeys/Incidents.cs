using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Only a monitor's run over weeks of predictions raises an alert, so these are written as such a run leaves them.</summary>
internal static class Incidents
{
    public const string Title = "Shoppers got younger";

    /// <param name="endpoint">Nothing's when left out.</param>
    /// <param name="monitor">Likewise.</param>
    /// <returns>The incident's id.</returns>
    public static async Task<string> RaiseAsync(PortalHost portal, TestTenant tenant, TestProject project, string? endpoint = null, string? monitor = null)
    {
        var (incident, deployment, scope) = (Guid.CreateVersion7(), Id(endpoint), Id(project.Id));
        await using var connection = await portal.Services.GetRequiredService<PortalDatabase>().App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(
            $$"""
            SELECT set_config('app.tenant', '{{tenant.Id.Value}}', false);
            INSERT INTO monitoring.incidents (tenant_id, id, deployment_id, project_id, title, state, cause, causes, since, opened_at, history, version)
            VALUES ('{{tenant.Id.Value}}', '{{incident}}', '{{deployment}}', '{{scope}}', '{{Title}}', 'Open', 'Population',
                '[{"cause":"population","score":0.8,"wayBack":"modelDevelopment","evidence":[]}]', now(), now(), '[]', 1);
            INSERT INTO monitoring.alerts (tenant_id, id, rule_id, monitor_id, deployment_id, project_id, incident_id, rule_name, signal, subject, severity, state, began, fired, latest, value,
                latest_value, raised_at, resolved_by_hand, history, version)
            VALUES ('{{tenant.Id.Value}}', '{{Guid.CreateVersion7()}}', '{{Guid.CreateVersion7()}}', '{{Id(monitor)}}', '{{deployment}}', '{{scope}}', '{{incident}}', 'Age drifts', 'ColumnDrift',
                'age', 'Warning', 'Firing', now(), now(), now(), 0.3, 0.3, now(), false, '[]', 1);
            """,
            connection);
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return incident.ToString("n");
    }

    private static Guid Id(string? known) => known is null ? Guid.CreateVersion7() : Guid.ParseExact(known, "n");
}
