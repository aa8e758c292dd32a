using System.Net;
using System.Net.WebSockets;
using MlOpsPortal.EndToEnd.Journeys;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>Circuits over the wire: whose they are, how many, how large a message (attacks 18, 51, 52).</summary>
[Collection<ApiCollection>]
public sealed class CircuitTests(PortalFixture portal)
{
    private const int MostPages = 10;

    [Fact]
    public async Task A_person_has_ten_pages_open_and_no_more_and_others_are_not_hindered()
    {
        var tenant = await portal.TenantAsync("Tabs");
        var (ada, eve) = (await CookiesAsync(tenant[Role.DataScientist]), await CookiesAsync(tenant[Role.Viewer]));
        var open = new List<CircuitClient>();
        for (var page = 0; page < MostPages; page++)
        {
            open.Add(await CircuitClient.ConnectAsync(portal.Url, ada));
            (await open[^1].StartAsync(portal.Url)).ShouldNotBeNull();
        }

        using var oneMore = await CircuitClient.ConnectAsync(portal.Url, ada);
        (await oneMore.StartAsync(portal.Url)).ShouldBeNull();
        using var another = await CircuitClient.ConnectAsync(portal.Url, eve);
        (await another.StartAsync(portal.Url)).ShouldNotBeNull();

        oneMore.Dispose();
        open[0].Dispose();
        await Jobs.UntilAsync("room for a page", async () =>
        {
            using var later = await CircuitClient.ConnectAsync(portal.Url, ada);
            return await later.StartAsync(portal.Url);
        });
        open.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task Another_persons_circuit_is_not_taken_up_and_ones_own_is()
    {
        var tenant = await portal.TenantAsync("Stolen");
        var (ada, eve) = (await CookiesAsync(tenant[Role.DataScientist]), await CookiesAsync(tenant[Role.Viewer]));
        string circuit;
        using (var first = await CircuitClient.ConnectAsync(portal.Url, ada))
            circuit = (await first.StartAsync(portal.Url)).ShouldNotBeNull();

        using var thief = await CircuitClient.ConnectAsync(portal.Url, eve);
        (await thief.TakeUpAsync(circuit)).ShouldBeFalse();
        using var back = await CircuitClient.ConnectAsync(portal.Url, ada);
        (await back.TakeUpAsync(circuit)).ShouldBeTrue();
        (await back.TakeUpAsync("no such circuit")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_over_32_kB_ends_the_connection()
    {
        var cookies = await CookiesAsync((await portal.TenantAsync("Messages"))[Role.Viewer]);
        using var page = await CircuitClient.ConnectAsync(portal.Url, cookies);

        (await page.IsCutByAsync(33 * 1024)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_and_no_foreign_site_opens_a_socket()
    {
        var cookies = await CookiesAsync((await portal.TenantAsync("Sockets"))[Role.Viewer]);

        await Should.ThrowAsync<WebSocketException>(() => CircuitClient.ConnectAsync(portal.Url, cookies, "https://evil.example"));
        await Should.ThrowAsync<WebSocketException>(() => CircuitClient.ConnectAsync(portal.Url, cookies, "null"));
        await Should.ThrowAsync<WebSocketException>(() => CircuitClient.ConnectAsync(portal.Url, cookies: null));
    }

    private async Task<CookieContainer> CookiesAsync(TestMember member)
    {
        var cookies = new CookieContainer();
        using var session = await portal.Portal.SignInAsync(member, cookies);
        return cookies;
    }
}
