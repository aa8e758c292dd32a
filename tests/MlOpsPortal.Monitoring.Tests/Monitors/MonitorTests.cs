using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Monitors;

/// <summary>Monitors over the API, on a model that runs elsewhere.</summary>
public sealed class MonitorTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly DateTimeOffset Monday = RetailYear.WeekStart(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a","window":{"kind":"time","length":"00:10:00"}}""", "window.length")]
    [InlineData("""{"name":"a","window":{"kind":"count","count":3}}""", "window.count")]
    [InlineData("""{"name":"a","reference":{"kind":"before"}}""", "reference.back")]
    [InlineData("""{"name":"a","reference":{"kind":"window","from":"2025-02-01T00:00:00Z","to":"2025-01-01T00:00:00Z"}}""", "reference.from")]
    [InlineData("""{"name":"a","reference":{"kind":"dataset"}}""", "reference.dataset")]
    [InlineData("""{"name":"a","minCoverage":2}""", "minCoverage")]
    [InlineData("""{"name":"a","methods":["magic"]}""", "methods")]
    [InlineData("""{"name":"a","schedule":{"every":"00:00:01"}}""", "every")]
    public async Task Settings_that_cannot_be_are_refused_by_name(string settings, string field)
    {
        var (engineer, endpoint) = await EndpointAsync();
        using var content = new StringContent(settings, System.Text.Encoding.UTF8, "application/json");
        using var answer = await engineer.Client.PostAsync($"/api/v1/endpoints/{endpoint}/monitors", content, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Modelling.Text((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("errors")[0], "field").ShouldBe(field);
        (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/monitors")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Windows_by_count_are_compared_with_an_earlier_stretch_by_every_method()
    {
        var (engineer, endpoint) = await EndpointAsync();
        await SendAsync(engineer, endpoint, 0, 100, shift: 0);
        await SendAsync(engineer, endpoint, 7, 200, shift: 50);
        var monitor = await MonitorAsync(engineer, endpoint, new
        {
            name = "by count", window = new { kind = "count", count = 100 }, reference = new { kind = "window", from = Monday, to = Monday.AddDays(7) }, minRows = 10,
            methods = new[] { "psi", "ks", "l_infinity", "psi_evidently", "js_evidently", "js_nannyml", "wasserstein_normed" },
        });
        (await engineer.RunMonitorAsync(monitor)).GetProperty("windows").GetInt32().ShouldBe(3);
        var runs = (await engineer.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items").EnumerateArray().ToList();
        runs.ShouldAllBe(run => run.GetProperty("rows").GetInt64() == 100);
        Value(runs[0], "psi", "x").ShouldBe(0);
        Value(runs[2], "psi", "x").ShouldBeGreaterThan(0.25);
        runs[2].GetProperty("scores").EnumerateArray().Count(score => Modelling.Text(score, "signal") == "distance" && score.GetProperty("column").GetString() == "x" && score.GetProperty("value").ValueKind == JsonValueKind.Number).ShouldBe(4);

        var series = await engineer.GetAsync($"/api/v1/monitors/{monitor}/series?signal=psi&method=psi&column=x");
        series.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").GetDouble()).ShouldBe(runs.Select(run => Value(run, "psi", "x")));
        var detail = await engineer.GetAsync($"/api/v1/monitor-runs/{Modelling.Text(runs[2], "id")}");
        detail.GetProperty("detail").GetProperty("shapes").EnumerateArray().ShouldContain(shape => shape.GetProperty("column").GetString() == "x");
    }

    [Fact]
    public async Task The_window_before_is_a_reference_and_a_second_run_measures_only_what_is_new()
    {
        var (engineer, endpoint) = await EndpointAsync();
        await SendAsync(engineer, endpoint, 0, 100, shift: 0);
        await SendAsync(engineer, endpoint, 7, 100, shift: 50);
        var monitor = await MonitorAsync(engineer, endpoint, new { name = "before", reference = new { kind = "before", back = "7.00:00:00" }, minRows = 10 });
        (await engineer.RunMonitorAsync(monitor)).GetProperty("windows").GetInt32().ShouldBe(2);
        var runs = (await engineer.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items").EnumerateArray().ToList();
        runs[0].GetProperty("scores").EnumerateArray().First(score => Modelling.Text(score, "signal") == "psi").GetProperty("notComputable").GetString().ShouldBe("noReference");
        Value(runs[1], "psi", "x").ShouldBeGreaterThan(0.25);

        await SendAsync(engineer, endpoint, 14, 100, shift: 50);
        await engineer.RunMonitorAsync(monitor);
        runs = [.. (await engineer.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items").EnumerateArray()];
        runs.Count.ShouldBe(3);
        Value(runs[2], "psi", "x").ShouldBeLessThan(0.1);
    }

    [Fact]
    public async Task A_schedule_measures_by_itself_and_ends_with_its_monitor()
    {
        var (engineer, endpoint) = await EndpointAsync();
        await SendAsync(engineer, endpoint, 0, 100, shift: 0);
        var monitor = await MonitorAsync(engineer, endpoint, new { name = "scheduled", schedule = new { every = "00:15:00", firstAt = TimeProvider.System.GetUtcNow().AddSeconds(1) } });
        await Jobs.UntilAsync("the schedule", async () => (await engineer.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items").GetArrayLength() > 0 ? "" : null);
        await engineer.PostAsync($"/api/v1/monitors/{monitor}/archive", new { });
        using var again = await engineer.Client.PostAsJsonAsync($"/api/v1/monitors/{monitor}/runs", new { }, Stop);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/monitors")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    private async Task<(TestMember Engineer, string Endpoint)> EndpointAsync()
    {
        var tenant = await portal.TenantAsync("Watch" + Guid.NewGuid().ToString("n")[..8]);
        var project = await tenant.ProjectAsync("Elsewhere");
        var model = Modelling.Text((await tenant[Role.DataScientist].PostAsync("/api/v1/models", new { project = project.Id, name = "external", task = "regression" })).GetProperty("model"), "id");
        var created = await tenant[Role.MlOpsEngineer].PostAsync("/api/v1/endpoints", new { project = project.Id, name = "elsewhere", environment = "sandbox", model });
        return (tenant[Role.MlOpsEngineer], Modelling.Text(created.GetProperty("deployment"), "id"));
    }

    private static async Task<string> MonitorAsync(TestMember who, string endpoint, object settings) =>
        Modelling.Text((await who.PostAsync($"/api/v1/endpoints/{endpoint}/monitors", settings)).GetProperty("monitor"), "id");

    private static async Task SendAsync(TestMember who, string endpoint, int day, int count, int shift) => await who.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new
    {
        predictions = Enumerable.Range(0, count).Select(row => new { id = $"d{day}r{row}", occurredAt = Monday.AddDays(day).AddMinutes(row), output = row / 10.0, features = new { x = ((row * 37) % 101) + shift, c = "abc"[row % 3].ToString() } }),
    });

    private static double Value(JsonElement run, string signal, string column) =>
        run.GetProperty("scores").EnumerateArray().First(score => Modelling.Text(score, "signal") == signal && score.GetProperty("column").GetString() == column).GetProperty("value").GetDouble();
}
