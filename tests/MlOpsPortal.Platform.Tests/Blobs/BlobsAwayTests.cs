using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Storage.Blobs;
using MlOpsPortal.Platform.Blobs;

namespace MlOpsPortal.Platform.Tests.Blobs;

public sealed class BlobsAwayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_takes_the_call_and_keeps_silent_is_away()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var said = await Should.ThrowAsync<Exception>(() => Container(((IPEndPoint)silent.LocalEndpoint).Port).ExistsAsync(Stop));
        BlobsAway.Is(said).ShouldBeTrue(said.ToString());
    }

    [Fact]
    public async Task A_store_that_nobody_hears_at_is_away()
    {
        int port;
        using (var gone = new TcpListener(IPAddress.Loopback, 0))
        {
            gone.Start();
            port = ((IPEndPoint)gone.LocalEndpoint).Port;
        }

        BlobsAway.Is(await Should.ThrowAsync<Exception>(() => Container(port).ExistsAsync(Stop))).ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_goes_away_herself_finds_no_store_away()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var leaving = new CancellationTokenSource();
        var asked = Container(((IPEndPoint)silent.LocalEndpoint).Port, TimeSpan.FromMinutes(1)).ExistsAsync(leaving.Token);
        await leaving.CancelAsync();
        BlobsAway.Is(await Should.ThrowAsync<OperationCanceledException>(() => asked)).ShouldBeFalse();
    }

    [Fact]
    public void A_missing_blob_and_a_bug_are_no_store_away()
    {
        BlobsAway.Is(new RequestFailedException(404, "not found")).ShouldBeFalse();
        BlobsAway.Is(new InvalidOperationException("bug")).ShouldBeFalse();
    }

    private static BlobContainerClient Container(int port, TimeSpan? patience = null) => new(
        new Uri($"http://127.0.0.1:{port}/account/container"),
        new BlobClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(10), NetworkTimeout = patience ?? TimeSpan.FromMilliseconds(200) } });
}
