using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>The file store goes away while files are written and read (attack 63, R9). <c>MLOPSPORTAL_OUTAGE_SECONDS</c> makes it longer: 600 for R9's ten minutes.</summary>
public sealed class BlobOutageTests(ITestOutputHelper output)
{
    private static readonly string Rows = Path.Combine(Repository.Samples, "breast_cancer", "train.csv");

    [Fact]
    public async Task While_the_file_store_is_away_files_are_refused_with_503_nothing_is_half_done_and_then_all_goes_on()
    {
        await using var store = await OwnAzurite.StartAsync(TestContext.Current.CancellationToken);
        await using var portal = await PortalProcess.StartAsync(more: null, TestContext.Current.CancellationToken, blobs: store.ConnectionString);
        var tenant = await portal.TenantAsync("Shelves");
        var project = await tenant.ProjectAsync("Second reading");
        var scientist = tenant[Role.DataScientist];
        var content = await File.ReadAllBytesAsync(Rows, TestContext.Current.CancellationToken);
        var read = await scientist.DatasetAsync(project, "read", Rows, "training", "target");
        var whole = await scientist.Client.UploadAsync(Rows);
        var (begun, _) = await scientist.Client.BeginAsync(content, "begun.csv");
        var (sent, _) = await scientist.Client.BeginAsync(content, "sent.csv");
        await (await scientist.Client.PutBlockAsync(sent, 0, content)).RequiredAsync();

        await store.StopAsync();
        var writing = new Dictionary<string, Task<HttpResponseMessage>>(StringComparer.Ordinal)
        {
            ["a block"] = scientist.Client.PutBlockAsync(begun, 0, content),
            ["a whole file"] = scientist.Client.CompleteAsync(sent),
            ["reading"] = scientist.Client.GetAsync($"/api/v1/datasets/{read.Id}/versions/1/data.parquet"),
        };
        var asked = await scientist.PostAsync($"/api/v1/projects/{project.Id}/datasets", new { name = "asked", version = new { upload = whole, role = "training", target = "target" } });
        foreach (var (what, answer) in writing)
            await RefusedInWordsAsync(what, await answer);
        (await UploadAsync(scientist, begun)).GetProperty("received").GetArrayLength().ShouldBe(0);
        Modelling.Text(await UploadAsync(scientist, sent), "state").ShouldBe("receiving");
        (await scientist.GetAsync("/api/v1/projects")).GetProperty("items").GetArrayLength().ShouldBe(1, "what needs no file goes on");
        await AwayAsync(portal);
        await store.StartAgainAsync();

        await (await scientist.Client.PutBlockAsync(begun, 0, content)).RequiredAsync();
        foreach (var upload in new[] { begun, sent })
            Modelling.Text(await (await scientist.Client.CompleteAsync(upload)).RequiredAsync(), "state").ShouldBe("complete");
        var dataset = Modelling.Text(asked.GetProperty("dataset"), "id");
        await Jobs.UntilAsync("the dataset that was asked for meanwhile", async () =>
            Modelling.Text((await scientist.GetAsync($"/api/v1/datasets/{dataset}")).GetProperty("dataset").GetProperty("versions")[0], "state") == "ready" ? "" : null);
        using (var again = await scientist.Client.GetAsync($"/api/v1/datasets/{read.Id}/versions/1/data.parquet"))
            again.EnsureSuccessStatusCode();
        await using var owner = NpgsqlDataSource.Create(portal.Database.Owner);
        (await new Ledger(owner, tenant).BrokenBlobsAsync(portal.Blobs())).ShouldBeEmpty("rows that name a file which is not there");
    }

    /// <summary>Nobody who needs no file waits for the store, however long it is away.</summary>
    private async Task AwayAsync(PortalProcess portal)
    {
        var length = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("MLOPSPORTAL_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out var given) ? given : 5);
        using var client = new HttpClient { BaseAddress = portal.Url };
        var times = new List<TimeSpan>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var since = Stopwatch.StartNew(); since.Elapsed < length; await pace.WaitForNextTickAsync())
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync("/health/live");
            answer.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(asked));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"away for {length.TotalSeconds:0} s: {times.Count} x /health/live, p50 {At(times, 0.5):0.0} ms, p99 {At(times, 0.99):0.0} ms"));
    }

    private static double At(List<TimeSpan> times, double share) => times.Order().ElementAt((int)(times.Count * share)).TotalMilliseconds;

    private static async Task RefusedInWordsAsync(string what, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(503, $"{what}: {text}");
        answer.Headers.RetryAfter.ShouldNotBeNull(what);
        (await answer.CodeAsync()).ShouldBe("blobs_down", what);
        text.ShouldNotContain("Azure");
    }

    private static Task<JsonElement> UploadAsync(TestMember who, string upload) => who.GetAsync($"/api/v1/uploads/{upload}");
}
