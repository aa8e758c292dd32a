using System.Net;
using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Every page that the running portal has, found from its routes: opens, has one heading, no error in the console, and passes axe in both themes.</summary>
[Collection<JourneyCollection>]
public sealed partial class EveryPageTests(PortalFixture portal, Chromium chromium, Furnished furnished, ITestOutputHelper output)
{
    /// <summary>Where the administrator's part of a tenant begins; she is no member of projects' work.</summary>
    private static readonly string[] OfAdministrators = ["audit", "members", "team", "service-accounts", "settings"];

    [Fact]
    public async Task Every_page_passes_axe_in_both_themes()
    {
        var home = await furnished.InAsync(portal.Portal);
        var people = new Dictionary<string, Person>(StringComparer.Ordinal)
        {
            ["scientist"] = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant[Role.DataScientist]),
            ["administrator"] = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant.Administrator),
            ["operator"] = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Operator, goesTo: "**/no-tenant"),
        };
        var unknown = new List<string>();
        foreach (var route in Pages.Of(portal.Portal))
        {
            var person = people[WhoOpens(route)];
            await person.OpenAsync(Pages.Fill(route, home.Tenant, home.Things, unknown), inTenant: false);
            await person.Page.Locator("h1").First.WaitForAsync();
            if (await person.Page.Locator("h1").CountAsync() != 1)
                person.Findings.Add($"{route} has {await person.Page.Locator("h1").CountAsync()} headings of the first level: {await person.Page.TitleAsync()}");
            if (route != "/not-found" && await person.Page.GetByText(NothingToSee()).CountAsync() > 0)
                person.Findings.Add($"{route} shows nothing");
            await person.LookAsync(route);
        }

        output.WriteLine($"{Pages.Of(portal.Portal).Count} pages");
        people.Values.SelectMany(person => person.Findings).ShouldBeEmpty();
        unknown.ShouldBeEmpty("each page is seen with something real");
    }

    private static string WhoOpens(string route) => route switch
    {
        _ when route.StartsWith("/operator", StringComparison.Ordinal) => "operator",
        _ when OfAdministrators.Any(part => route.StartsWith($"/t/{{Tenant}}/{part}", StringComparison.Ordinal)) => "administrator",
        _ => "scientist",
    };

    [Fact]
    public async Task No_page_has_anything_to_show_under_another_tenants_name()
    {
        var (here, there) = (await portal.TenantAsync("Here"), await portal.TenantAsync("There"));
        using var administrator = await portal.Portal.SignInAsync(here.Administrator);
        var shown = new List<string>();
        var foreign = Pages.Of(portal.Portal).Where(route => route.StartsWith("/t/{Tenant}", StringComparison.Ordinal)).ToList();
        foreach (var route in foreign)
        {
            var page = await (await administrator.GetAsync(Pages.Fill(route, there, new Dictionary<string, string>(StringComparer.Ordinal) { ["versions"] = "1" }, []))).Content.ReadAsStringAsync();
            if (!page.Contains("There is nothing here", StringComparison.Ordinal) || page.Contains("This page failed", StringComparison.Ordinal))
                shown.Add(route);
        }

        foreign.Count.ShouldBeGreaterThan(20);
        shown.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/nonsense")]
    [InlineData("/t/here/nonsense")]
    public async Task An_address_that_leads_nowhere_gets_a_page_that_says_so(string address)
    {
        var tenant = await portal.TenantAsync("Here");
        using var person = await portal.Portal.SignInAsync(tenant.Administrator);
        var answer = await person.GetAsync(address);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("There is nothing here");
    }

    [GeneratedRegex("There is nothing here|This is not possible", RegexOptions.None, 1000)]
    private static partial Regex NothingToSee();
}
