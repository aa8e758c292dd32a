using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

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
        await Incidents.RaiseAsync(portal.Portal, tenant, project);
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

    /// <summary>A dialog that is closed before all of it is there fails neither itself nor the page under it.</summary>
    [Fact]
    public async Task A_dialog_may_be_closed_as_soon_as_it_is_open()
    {
        var tenant = await portal.TenantAsync("Hasty");
        var project = await tenant.ProjectAsync("Offers near you");
        await Incidents.RaiseAsync(portal.Portal, tenant, project);
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        var keys = new Keys(person.Page);
        await person.OpenAsync($"/projects/{project.Id}/incidents");
        await keys.IsAtAsync("Incidents, heading");
        await keys.PressAsync("Shoppers got younger", leadsTo: "Shoppers got younger, heading");
        await keys.GoToAsync("Redevelop");

        for (var round = 0; round < 15; round++)
        {
            await keys.PressAsync("Enter");
            await person.Page.Locator("dialog[open] h2").WaitForAsync();
            await keys.EscapeAsync(backTo: "Redevelop");
        }

        await keys.PressAsync("Enter");
        await keys.IsAtAsync("What is to be done, and why");
        person.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alert_is_given_to_somebody_else_and_kept_quiet_until_a_chosen_day()
    {
        var tenant = await portal.TenantAsync("Relays");
        var project = await tenant.ProjectAsync("Offers near you");
        var incident = await Incidents.RaiseAsync(portal.Portal, tenant, project);
        var person = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        var keys = new Keys(person.Page);
        await person.OpenAsync($"/projects/{project.Id}/incidents/{incident}");
        await person.ClickAsync("Assign Age drifts, age");
        await person.ChooseAsync("To", tenant[Role.MlOpsEngineer].Name);
        await person.LookAsync("alert-assign");
        await person.ClickAsync("Assign");
        await person.SeeAsync($"assigned by {tenant[Role.DataScientist].Name}: {tenant[Role.MlOpsEngineer].Name}");

        // Without a reason it is refused, where the reason belongs.
        await person.ClickAsync("Silence Age drifts, age");
        await person.ChooseAsync("Until", "a day that I choose");
        await person.FillAsync(("The end of", TimeProvider.System.GetUtcNow().AddDays(40).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        await person.ClickAsync("Silence");
        await keys.IsAtAsync("Why");
        await person.LookAsync("alert-silence");
        await person.FillAsync(("Why", "The summer sale ends then."));
        await person.ClickAsync("Silence");
        await person.SeeAsync("The summer sale ends then.");
        var alert = (await tenant[Role.DataScientist].GetAsync($"/api/v1/alerts?project={project.Id}")).GetProperty("items")[0];
        alert.GetProperty("state").GetString().ShouldBe("silenced");
        (alert.GetProperty("silencedUntil").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays.ShouldBeInRange(39, 41.5);

        person.Findings.ShouldBeEmpty();
    }
}
