using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>The business owner's week: everything that is due, by keyboard alone.</summary>
[Collection<JourneyCollection>]
public sealed class CheckInJourneyTests(PortalFixture portal, Chromium chromium)
{
    /// <summary>Keys for two check-ins and a KPI value with their texts: at one a second it is done in a minute.</summary>
    private const int MostKeys = 60;

    [Fact]
    public async Task Two_check_ins_and_a_value_are_recorded_by_keyboard_with_less_than_sixty_keys()
    {
        var tenant = await portal.TenantAsync("Stores");
        var project = await DueAsync(tenant);
        var owner = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.BusinessOwner]);
        await owner.OpenAsync("/check-ins");
        await owner.LookAsync("check-ins-due");
        await owner.OpenAsync("/check-ins");
        var keys = 0;

        await TypeAsync("0.18");
        await PressAsync("Tab");
        await TypeAsync("10");
        await PressAsync("Enter");
        await owner.SeeAsync("Saved 0.18");
        await TypeAsync("12");
        await PressAsync("Tab");
        await TypeAsync("8");
        await PressAsync("Tab");
        await TypeAsync("two new stores");
        await PressAsync("Enter");
        await owner.SeeAsync("Saved 12");
        await TypeAsync("0.182");
        await PressAsync("Enter");
        await owner.SeeAsync("Nothing is due");

        keys.ShouldBeLessThan(MostKeys);
        var standing = await tenant[Role.BusinessOwner].GetAsync($"/api/v1/projects/{project}/standing");
        standing.GetProperty("objectives")[0].GetProperty("keyResults").EnumerateArray().Select(result => result.GetProperty("checkIns")[0].GetProperty("confidence").GetInt32()).ShouldBe([10, 8]);
        standing.GetProperty("objectives")[0].GetProperty("keyResults")[1].GetProperty("checkIns")[0].GetProperty("whatChanged").GetString().ShouldBe("two new stores");
        standing.GetProperty("kpis")[0].GetProperty("latest").GetProperty("source").GetString().ShouldBe("declared");
        await owner.OpenAsync($"/projects/{project}/objectives");
        await owner.LookAsync("objectives");
        await owner.OpenAsync($"/projects/{project}/kpis/{standing.GetProperty("kpis")[0].GetProperty("kpi").GetProperty("id").GetString()}");
        await owner.LookAsync("kpi");
        await owner.OpenAsync($"/projects/{project}/one-page");
        await owner.LookAsync("one-page");
        await owner.OpenAsync("/projects?view=board");
        await owner.LookAsync("portfolio-board");
        owner.Findings.ShouldBeEmpty();

        // Typing goes where the focus is, as a person's does: into the first field of the form that has just opened.
        async Task TypeAsync(string text)
        {
            await owner.Page.Locator("form[data-enter-saves] :focus").WaitForAsync();
            await owner.Page.Keyboard.TypeAsync(text);
            keys += text.Length;
        }

        async Task PressAsync(string key)
        {
            await owner.Page.Keyboard.PressAsync(key);
            keys++;
        }
    }

    /// <summary>A project a month old in which nobody has said anything.</summary>
    private static async Task<string> DueAsync(TestTenant tenant)
    {
        var project = await tenant.ProjectAsync("Offers near you");
        var owner = tenant[Role.BusinessOwner];
        var (start, end) = (Day(-30), Day(60));
        var address = $"/api/v1/projects/{project.Id}";
        var view = await owner.PostAsync(address + "/objectives", new
        {
            title = "Shoppers know their offers", type = "committed", start, end,
            keyResults = new object[] { new { title = "Visit share", unit = "share", start = 0.15, target = 0.20 }, new { title = "Stores with offers", unit = "stores", target = 40, type = "milestone" } },
        });
        await owner.PostAsync(address + "/kpis", new
        {
            objective = view.GetProperty("project").GetProperty("objectives")[0].GetProperty("id").GetString(), name = "Visit share of the month",
            formula = "visits / messages", unit = "share", direction = "increase", baseline = 0.15, baselineDate = start, target = 0.20, amber = 0.18, red = 0.15, owner = owner.Name, cadence = "weekly",
        });
        return project.Id;
    }

    private static string Day(int offset) => TimeProvider.System.GetUtcNow().AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
