using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>An incident is taken in hand without a mouse.</summary>
[Collection<JourneyCollection>]
public sealed class IncidentJourneyTests(PortalFixture portal, Chromium chromium)
{
    [Fact]
    public async Task An_alert_is_acknowledged_and_the_incident_sent_back_by_keyboard_alone()
    {
        var tenant = await portal.TenantAsync("Alarms");
        var project = await tenant.ProjectAsync("Offers near you");
        await RaiseAsync(tenant, project);
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        var keys = new Keys(person.Page);
        await person.OpenAsync($"/projects/{project.Id}/incidents");
        await keys.IsAtAsync("Incidents, heading");
        await keys.PressAsync("Shoppers got younger", leadsTo: "Shoppers got younger, heading");
        await person.ArriveAsync("/incidents/[0-9a-f]{32}$");
        await person.LookAsync("incident");

        // The button goes away with the press; the focus stays with the alert.
        await keys.PressAsync("Acknowledge Age drifts, age", leadsTo: "Take Age drifts, age");
        await person.SeeAsync("acknowledged");
        await keys.PressAsync("Enter");
        await person.SeeAsync(tenant[Role.DataScientist].Name);
        await keys.IsAtAsync("Take Age drifts, age");

        await keys.GoToAsync("Redevelop", "Shift+Tab");
        await keys.PressAsync("Enter");
        await keys.IsAtAsync("What is to be done, and why");
        await keys.EscapeAsync(backTo: "Redevelop");
        await keys.PressAsync("Enter");
        await keys.IsAtAsync("What is to be done, and why");
        await keys.TypeAsync(("What is to be done, and why", "Train it on this summer's shoppers."));
        await keys.PressAsync("Send back", leadsTo: "Redevelop");
        await person.SeeAsync("sent it back to stage 3");
        await person.LookAsync("incident-in-hand");

        person.Findings.ShouldBeEmpty();
    }

    /// <summary>Only a monitor's run over weeks of predictions raises an alert, so this one is written as such a run leaves it.</summary>
    private async Task RaiseAsync(TestTenant tenant, TestProject project)
    {
        var (incident, endpoint, scope) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.ParseExact(project.Id, "n"));
        await using var connection = await portal.Portal.Services.GetRequiredService<PortalDatabase>().App.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(
            $$"""
            SELECT set_config('app.tenant', '{{tenant.Id.Value}}', false);
            INSERT INTO monitoring.incidents (tenant_id, id, deployment_id, project_id, title, state, cause, causes, since, opened_at, history, version)
            VALUES ('{{tenant.Id.Value}}', '{{incident}}', '{{endpoint}}', '{{scope}}', 'Shoppers got younger', 'Open', 'Population',
                '[{"cause":"population","score":0.8,"wayBack":"modelDevelopment","evidence":[]}]', now(), now(), '[]', 1);
            INSERT INTO monitoring.alerts (tenant_id, id, rule_id, monitor_id, deployment_id, project_id, incident_id, rule_name, signal, subject, severity, state, began, fired, latest, value,
                latest_value, raised_at, resolved_by_hand, history, version)
            VALUES ('{{tenant.Id.Value}}', '{{Guid.CreateVersion7()}}', '{{Guid.CreateVersion7()}}', '{{Guid.CreateVersion7()}}', '{{endpoint}}', '{{scope}}', '{{incident}}', 'Age drifts', 'ColumnDrift',
                'age', 'Warning', 'Firing', now(), now(), now(), 0.3, 0.3, now(), false, '[]', 1);
            """,
            connection);
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
