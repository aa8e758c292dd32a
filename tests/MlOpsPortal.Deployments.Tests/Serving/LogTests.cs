using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments.Serving.Scoring;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Deployments.Tests.Serving;

public sealed class LogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>R8 without its minute: while nobody may connect, scoring goes on; then exactly what was answered is in the log.</summary>
    [Fact]
    public async Task While_the_database_is_down_scoring_goes_on_and_the_log_catches_up_exactly()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(TestModels.Adding(1), "kept");
        await portal.PostAsync("/api/v1/endpoints/kept/score", """{"rows":[{"x":1}]}""");
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions", 1);
        var spool = portal.Services.GetRequiredService<SpoolStatus>();
        await TestPortal.UntilAsync(() => spool.Now.Waiting == 0); // struck out a moment after it is in the log
        var server = (await TestServices.GetAsync()).Postgres;
        var name = new NpgsqlConnectionStringBuilder(portal.Database.App).Database!;
        await DatabaseSetup.ExecuteAsync(server, "postgres", $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false", Stop);
        await DatabaseSetup.ExecuteAsync(server, "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", Stop);

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 300; i++)
        {
            var (status, body) = await portal.PostAsync("/api/v1/endpoints/kept/score", $$"""{"rows":[{"x":{{i}}}]}""");
            status.ShouldBe(200, body.ToString());
            ids.Add(body.GetProperty("predictions")[0].GetProperty("id").GetString()!);
        }

        spool.Now.Waiting.ShouldBe(300);
        await DatabaseSetup.ExecuteAsync(server, "postgres", $"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS true", Stop);
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions", 301);
        ids.Count.ShouldBe(300);
        (await portal.AskAsync<long>($"SELECT count(*) FROM monitoring.predictions WHERE prediction_id = ANY(ARRAY[{string.Join(",", ids.Select(id => $"'{id}'"))}])")).ShouldBe(300);
    }

    [Fact]
    public async Task A_full_spool_refuses_or_drops_as_the_endpoint_says_and_counts()
    {
        await using var portal = await TestPortal.StartAsync(settings: new() { ["Serving:SpoolRecords"] = "1" });
        var deployment = await portal.ServeAsync(TestModels.Adding(1), "full");
        const string Two = """{"rows":[{"x":1},{"x":2}]}""";

        var (status, body) = await portal.PostAsync("/api/v1/endpoints/full/score", Two);
        status.ShouldBe(503);
        body.GetProperty("code").GetString().ShouldBe("deployments.spool_full");

        using var rules = new StringContent("""{"whenSpoolFull":"drop","latencyBudgetMs":5}""", Encoding.UTF8, "application/json");
        (await portal.Http.PutAsync($"/api/v1/endpoints/{deployment.Id}/rules", rules, Stop)).EnsureSuccessStatusCode();
        var table = portal.Services.GetRequiredService<Deployments.Serving.Routing.RoutingTable>();
        await TestPortal.UntilAsync(() => table.Find(deployment.Id)!.WhenSpoolFull == WhenSpoolFull.Drop);
        (await portal.PostAsync("/api/v1/endpoints/full/score", Two)).Status.ShouldBe(200);

        var traffic = (await portal.Services.GetRequiredService<TrafficHistory>().ReadAsync(TestPortal.Caller, deployment.Id, TimeSpan.FromHours(24), 96, Stop)).Required();
        traffic.Total.Dropped.ShouldBe(2);
        traffic.Total.Unavailable.ShouldBe(1);
        traffic.Total.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Traffic_is_written_by_the_minute_and_read_with_what_was_counted_since()
    {
        await using var portal = await TestPortal.StartAsync();
        var deployment = await portal.ServeAsync(TestModels.Adding(1), "counted");
        var writer = portal.Services.GetRequiredService<TrafficWriter>();
        for (var i = 0; i < 10; i++)
            await portal.PostAsync("/api/v1/endpoints/counted/score", """{"rows":[{"x":1},{"x":2}]}""");
        await writer.WriteAsync(Stop);
        await portal.PostAsync("/api/v1/endpoints/counted/score", """{"rows":[{}]}""");
        await writer.WriteAsync(Stop);
        await portal.PostAsync("/api/v1/endpoints/counted/score", """{"rows":[{"x":1}]}""");

        using var reply = await portal.Http.GetAsync($"/api/v1/endpoints/{deployment.Id}/traffic", Stop);
        var total = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("total");
        total.GetProperty("requests").GetInt64().ShouldBe(12);
        total.GetProperty("rows").GetInt64().ShouldBe(21);
        total.GetProperty("badInput").GetInt64().ShouldBe(1);
        total.GetProperty("p50Ms").GetDouble().ShouldBeGreaterThan(0);
        total.GetProperty("p99Ms").GetDouble().ShouldBeGreaterThanOrEqualTo(total.GetProperty("p50Ms").GetDouble());
    }

    [Fact]
    public async Task The_last_predictions_are_listed_for_those_who_may_see_the_endpoint()
    {
        await using var portal = await TestPortal.StartAsync();
        var deployment = await portal.ServeAsync(TestModels.Adding(1), "listed");
        for (var i = 0; i < 3; i++)
            await portal.PostAsync("/api/v1/endpoints/listed/score", $$"""{"rows":[{"x":{{i}}.5}]}""");
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions", 3);

        var items = JsonDocument.Parse(await portal.Http.GetStringAsync($"/api/v1/endpoints/{deployment.Id}/predictions?limit=2", Stop)).RootElement.GetProperty("items");
        items.EnumerateArray().Select(item => item.GetProperty("output").GetDouble()).ShouldBe([3.5, 2.5]);
        items[0].GetProperty("features").GetProperty("x").GetDouble().ShouldBe(2.5);

        portal.SignIn(new(new(Guid.CreateVersion7()), TestPortal.Caller.User, "Eve"));
        ((int)(await portal.Http.GetAsync($"/api/v1/endpoints/{deployment.Id}/predictions", Stop)).StatusCode).ShouldBe(404);
        ((int)(await portal.Http.GetAsync($"/api/v1/endpoints/{deployment.Id}", Stop)).StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task A_history_is_scored_row_by_row_at_its_own_times()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(TestModels.Adding(1), "replayed");
        var (status, body) = await portal.PostAsync(
            "/api/v1/endpoints/replayed/score", """{"rows":[{"x":1},{"x":2}],"predictionIds":["a","b"],"occurredAt":["2025-01-06T10:00:00Z","2025-02-06T10:00:00+02:00"]}""");
        status.ShouldBe(200, body.ToString());
        body.GetProperty("predictions")[1].GetProperty("occurredAt").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2025, 2, 6, 8, 0, 0, TimeSpan.Zero));
        (await portal.PostAsync("/v2/models/replayed/infer", """{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[3]}],"parameters":{"prediction_ids":["c"],"occurred_at":["2025-02-07T10:00:00Z"]}}""")).Status.ShouldBe(200);
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions", 3);
        (await portal.AskAsync<string>("SELECT string_agg(prediction_id || ' ' || day, ', ' ORDER BY prediction_id) FROM monitoring.predictions")).ShouldBe("a 2025-01-06, b 2025-02-06, c 2025-02-07");
        (await portal.AskAsync<long>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'monitoring.predictions'::regclass")).ShouldBe(2); // a month each

        var (refused, why) = await portal.PostAsync("/api/v1/endpoints/replayed/score", """{"rows":[{"x":1},{"x":2}],"occurredAt":["2025-01-06T10:00:00Z"]}""");
        refused.ShouldBe(400);
        why.ToString().ShouldContain("deployments.times_count");
    }

    [Fact]
    public async Task Every_partition_has_its_policy_and_no_privilege_of_its_own()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.ServeAsync(TestModels.Adding(1), "walled");
        await portal.PostAsync("/api/v1/endpoints/walled/score", """{"rows":[{"x":1}]}""");
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions", 1);

        (await portal.AskAsync<long>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'monitoring.predictions'::regclass")).ShouldBe(2);
        (await portal.AskAsync<long>(
            """
            SELECT count(*) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE i.inhparent = 'monitoring.predictions'::regclass
                AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) OR has_table_privilege('mlops_app', c.oid, 'SELECT'))
            """)).ShouldBe(0);
        await using var app = new NpgsqlConnection(portal.Database.App + ";Pooling=false");
        await app.OpenAsync(Stop);
        await using (var nobody = new NpgsqlCommand("SELECT count(*) FROM monitoring.predictions", app))
            (await nobody.ExecuteScalarAsync(Stop)).ShouldBe(0L);
        await using var far = new NpgsqlCommand("SELECT monitoring.ensure_predictions_day('2001-01-01')", app);
        (await Should.ThrowAsync<PostgresException>(() => far.ExecuteNonQueryAsync(Stop))).SqlState.ShouldBe("22008");
    }

    [Fact]
    public async Task One_row_is_answered_within_8_kB_of_garbage()
    {
        await using var portal = await TestPortal.StartAsync(settings: new() { ["Serving:SpoolRecords"] = "10000000", ["Serving:SpoolBytes"] = "1073741824" });
        await portal.ServeAsync(TestModel.BreastCancer(), "lean");
        var body = Encoding.UTF8.GetBytes(TestModel.Request(TestModel.BreastCancer().Rows(1)));
        var handler = portal.Services.GetRequiredService<ScoringHandler>();

        // Nobody else writes, so every request runs through on this thread: what it allocates is the request's own.
        long Measure(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
                handler.ScoreAsync(TestPortal.Caller, "lean", body, Stop).IsCompletedSuccessfully.ShouldBeTrue();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure(200);
        var bytes = Measure(2000) / 2000;
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes a request");
        bytes.ShouldBeLessThan(8 * 1024);
    }
}
