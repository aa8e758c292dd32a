using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

[Collection<JourneyCollection>]
public sealed class ViewerJourneyTests(PortalFixture portal, Chromium chromium, Furnished furnished, ITestOutputHelper output)
{
    [Fact]
    public async Task Explore()
    {
        var home = await furnished.InAsync(portal.Portal);
        foreach (var role in new[] { Role.Viewer, Role.DataEngineer })
        {
            var viewer = await Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant[role]);
            foreach (var route in Pages.Of(portal.Portal).Where(route => route.StartsWith("/t/", StringComparison.Ordinal)))
            {
                await viewer.OpenAsync(Pages.Fill(route, home.Tenant, home.Things, []), inTenant: false);
                var buttons = await viewer.Page.Locator("main button").EvaluateAllAsync<string[]>("all => all.map(b => (b.getAttribute('aria-label') ?? b.innerText).trim() + (b.disabled ? ' (off)' : ''))");
                output.WriteLine($"{role} {route}: {await viewer.Page.Locator("h1").TextContentAsync()} :: {string.Join(" | ", buttons)}");
            }
        }
    }
}
