using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MlOpsPortal.EndToEnd.Journeys;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>Senders of one byte in ten seconds (attack 36). <c>MLOPSPORTAL_SLOW_SOCKETS</c> makes them more than 100, 1,000 say; others are then measured too.</summary>
[Collection<ApiCollection>]
public sealed class SlowSenderTests(PortalFixture portal, ITestOutputHelper output)
{
    private const int Few = 100;
    private const int Requests = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Kestrel's patience: 5 s for a body below 240 bytes a second, 30 s for headers; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Dropped = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Slow_senders_are_dropped_and_nobody_waits_for_them()
    {
        var many = int.TryParse(Environment.GetEnvironmentVariable("MLOPSPORTAL_SLOW_SOCKETS"), CultureInfo.InvariantCulture, out var given) ? given : Few;
        var member = (await portal.TenantAsync("Patient"))[Role.DataScientist];
        var alone = await AskAsync(member);
        var senders = Enumerable.Range(0, many).Select(number => SendAsync(member, ofBody: number % 2 == 0)).ToList();

        var beside = await AskAsync(member);
        var lasted = await Task.WhenAll(senders).WaitAsync(Dropped + Dropped, TestContext.Current.CancellationToken);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{many} slow senders, the last dropped after {lasted.Max().TotalSeconds:0.0} s; p99 of others {P99(alone).TotalMilliseconds:0.0} ms before, {P99(beside).TotalMilliseconds:0.0} ms beside them"));
        lasted.ShouldAllBe(time => time < Dropped);
        if (many > Few)
            P99(beside).ShouldBeLessThanOrEqualTo(2 * P99(alone)); // on a machine that does nothing else
    }

    private static async Task<List<TimeSpan>> AskAsync(TestMember member)
    {
        var times = new List<TimeSpan>();
        for (var request = 0; request < Requests; request++)
        {
            var started = Stopwatch.GetTimestamp();
            (await member.GetAsync("/api/v1/me")).GetProperty("tenant").GetProperty("slug").GetString().ShouldNotBeNull();
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times;
    }

    private static TimeSpan P99(List<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);

    /// <returns>How long the portal kept the connection.</returns>
    private async Task<TimeSpan> SendAsync(TestMember member, bool ofBody)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(portal.Url.Host, portal.Url.Port);
        var started = Stopwatch.GetTimestamp();
        var stream = client.GetStream();
        var head = $"POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {member.Token}\r\nContent-Type: application/json\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head + (ofBody ? "Content-Length: 1000\r\n\r\n{" : "X-Slow: ")));
        var closed = ClosedAsync(stream);
        using var pause = new PeriodicTimer(Pause);
        try
        {
            while (await Task.WhenAny(closed, pause.WaitForNextTickAsync().AsTask()) != closed)
                await stream.WriteAsync(" "u8.ToArray());
        }
        catch (IOException)
        {
            // written to a connection that was closed meanwhile
        }

        await closed;
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task ClosedAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) > 0)
                continue;
        }
        catch (IOException)
        {
            // reset: closed as well
        }
    }
}
