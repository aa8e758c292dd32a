using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>Searches over twelve runs, r0 the oldest: metric acc = n / 10 (r3 NaN, r4 none), param model a or b, tag team only where n is even, r11 failed.</summary>
[Collection<PortalCollection>]
public sealed class SearchTests(PortalFixture portal) : IAsyncLifetime
{
    private TestMember ada = null!; // set before each test
    private string experiment = "";

    public async ValueTask InitializeAsync()
    {
        var tenant = await portal.TenantAsync("Search");
        ada = tenant[Role.DataScientist];
        experiment = await ada.ExperimentAsync("searched");
        for (var n = 0; n < 12; n++)
        {
            var run = await ada.RunAsync(experiment, 1_000 + n, $"r{n}");
            (await ada.LogAsync(
                run, n == 4 ? null : new[] { new { key = "acc", value = n == 3 ? (object)"NaN" : n / 10.0, timestamp = 1 } },
                new[] { new { key = "model", value = n % 3 == 0 ? "a" : "b" }, new { key = "long", value = new string('x', 200) + n } },
                n % 2 == 0 ? new[] { new { key = "team", value = $"team {n / 4}" } } : null)).Fine();
            (await ada.PostAsync("runs/update", new { run_id = run, status = n == 11 ? "FAILED" : "FINISHED", end_time = 2_000 + n })).Fine();
            if (n < 2)
                (await ada.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset = new { name = "d", digest = "9", source_type = "s", source = "x" } } } })).Fine();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(null, "11 10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("", "11 10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("metrics.acc > 0.85", "11 10 9")]
    [InlineData("metrics.acc <= 0.1", "1 0")]
    [InlineData("metrics.acc != 0.5 and attributes.start_time < 1007", "6 3 2 1 0")]
    [InlineData("metrics.never > 1", "")]
    [InlineData("params.model = 'a'", "9 6 3 0")]
    [InlineData("params.model != 'a' AND metrics.acc > 0.75", "11 10 8")]
    [InlineData("params.model IN ('a', 'c') AND tags.team IS NULL", "9 3")]
    [InlineData("params.long LIKE 'xx%1'", "11 1")]
    [InlineData("params.long LIKE '%x7'", "7")]
    [InlineData("tags.team LIKE 'team 2'", "10 8")]
    [InlineData("tags.team ILIKE 'TEAM 1%'", "6 4")]
    [InlineData("tags.`mlflow.runName` = 'r5'", "5")]
    [InlineData("run_name = 'r5' OR status = 'FAILED'", "11 5")]
    [InlineData("(params.model = 'a' AND metrics.acc >= 0.6) OR tags.team = 'team 0'", "9 6 2 0")]
    [InlineData("NOT params.model = 'b'", "9 6 3 0")]
    [InlineData("status = 'FAILED'", "11")]
    [InlineData("status != 'FINISHED'", "11")]
    [InlineData("status = 'NOPE'", "")]
    [InlineData("start_time >= 1009", "11 10 9")]
    [InlineData("created < 1002", "1 0")]
    [InlineData("end_time > 2009", "11 10")]
    [InlineData("dataset.name = 'd' AND dataset.digest = '9'", "1 0")]
    [InlineData("user_id = ''", "11 10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("artifact_uri LIKE 'mlflow-artifacts:/%' AND metrics.acc = 0.7", "7")]
    public async Task A_filter_finds_the_newest_first(string? filter, string expected) =>
        string.Join(' ', await ada.SearchAsync(experiment, filter)).ShouldBe(string.Join(' ', expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => "r" + n)));

    [Theory]
    [InlineData("metrics.acc DESC", "11 10 9 8 7 6 5 2 1 0 3 4")]
    [InlineData("metrics.acc", "0 1 2 5 6 7 8 9 10 11 3 4")]
    [InlineData("params.model ASC", "9 6 3 0 11 10 8 7 5 4 2 1")]
    [InlineData("params.long", "0 1 10 11 2 3 4 5 6 7 8 9")]
    [InlineData("params.long DESC", "9 8 7 6 5 4 3 2 11 10 1 0")]
    [InlineData("tags.team DESC", "10 8 6 4 2 0 11 9 7 5 3 1")]
    [InlineData("start_time ASC", "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData("status", "11 10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("metrics.never", "11 10 9 8 7 6 5 4 3 2 1 0")]
    public async Task Any_order_comes_in_pages_that_lose_and_repeat_nothing(string order, string expected)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, order_by = new[] { order }, max_results = 5, page_token = token })).Fine();
            names.AddRange(page.At("runs").EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_name").GetString()!)); // each has a name
            token = page.Body.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        string.Join(' ', names).ShouldBe(string.Join(' ', expected.Split(' ').Select(n => "r" + n)));
    }

    [Fact]
    public async Task A_filter_in_the_default_order_comes_in_pages()
    {
        var first = (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "params.model = 'b'", max_results = 5 })).Fine();
        var second = (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "params.model = 'b'", max_results = 5, page_token = first.Text("next_page_token") })).Fine();

        first.At("runs").GetArrayLength().ShouldBe(5);
        second.At("runs").EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_name").GetString()).ShouldBe(["r4", "r2", "r1"]);
        second.Body.TryGetProperty("next_page_token", out _).ShouldBeFalse();
        (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "params.model = 'a'", page_token = first.Text("next_page_token") })).Refused(400, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Several_experiments_are_one_list()
    {
        var other = await ada.ExperimentAsync("other");
        await ada.RunAsync(other, 1_005, "o");

        var found = (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment, other }, filter = "start_time >= 1005 AND start_time < 1007" })).Fine();

        found.At("runs").EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_name").GetString()).ShouldBe(["r6", "r5", "o"]);
        (await ada.PostAsync("runs/search", new { experiment_ids = Array.Empty<string>() })).Fine().Body.TryGetProperty("runs", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Deleted_runs_are_found_where_they_are_asked_for()
    {
        var run = (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, filter = "run_name = 'r8'" })).Fine().At("runs")[0].GetProperty("info").GetProperty("run_id").GetString();
        (await ada.PostAsync("runs/delete", new { run_id = run })).Fine();

        (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, run_view_type = "DELETED_ONLY" })).Fine().At("runs").GetArrayLength().ShouldBe(1);
        (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, run_view_type = 3 })).Fine().At("runs").GetArrayLength().ShouldBe(12);
        (await ada.PostAsync("experiments/delete", new { experiment_id = experiment })).Fine();
        (await ada.SearchAsync(experiment, null)).ShouldBeEmpty();
        (await ada.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, run_view_type = "DELETED_ONLY" })).Fine().At("runs").GetArrayLength().ShouldBe(12);
    }

    [Theory]
    [InlineData("""{"experiment_ids": ["{e}"], "max_results": 60000}""")]
    [InlineData("""{"experiment_ids": ["{e}"], "filter": "metrics.acc > 'x'"}""")]
    [InlineData("""{"experiment_ids": ["{e}"], "filter": "foo.bar = '1'"}""")]
    [InlineData("""{"experiment_ids": ["{e}"], "order_by": ["metrics.acc", "metrics.acc DESC"]}""")]
    [InlineData("""{"experiment_ids": ["{e}"], "order_by": "start_time"}""")]
    [InlineData("""{"experiment_ids": ["{e}"], "page_token": "eyJvZmZzZXQiOiA1fQ=="}""")]
    [InlineData("""{"experiment_ids": ["not an id"]}""")]
    public async Task What_cannot_be_asked_is_400(string body) =>
        (await ada.PostTextAsync("runs/search", body.Replace("{e}", experiment, StringComparison.Ordinal))).Refused(400, "INVALID_PARAMETER_VALUE");

    [Fact]
    public async Task Who_does_not_see_the_project_finds_no_runs()
    {
        var stranger = (await portal.TenantAsync("Else"))[Role.DataScientist];

        (await stranger.SearchAsync(experiment, null)).ShouldBeEmpty();
    }
}
