using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Actuals;

/// <summary>Predictions of a model that the portal does not run, and what came of them, over the API.</summary>
public sealed class IntakeTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private static readonly DateTimeOffset Monday = RetailYear.WeekStart(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predictions_of_last_year_are_logged_once_and_stay_as_they_came_first()
    {
        var (engineer, endpoint) = await EndpointAsync("External");
        var sent = await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", Batch(("a", 0, 0.1), ("b", 1, 0.2), ("c", 200, 0.3)));
        (sent.GetProperty("added").GetInt32(), sent.GetProperty("known").GetInt32()).ShouldBe((3, 0));
        var again = await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", Batch(("a", 0, 0.9), ("d", 1, 0.4)));
        (again.GetProperty("added").GetInt32(), again.GetProperty("known").GetInt32()).ShouldBe((1, 1));
        var items = (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/predictions")).GetProperty("items").EnumerateArray().ToDictionary(item => Modelling.Text(item, "id"));
        items.Count.ShouldBe(4);
        items["a"].GetProperty("output").GetDouble().ShouldBe(0.1);
        items["a"].GetProperty("latencyMs").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{"predictions":[{"id":"a b","occurredAt":"2025-01-06T00:00:00Z","output":0.5}]}""", "predictions[0].id")]
    [InlineData("""{"predictions":[{"id":"a","occurredAt":"1999-01-06T00:00:00Z","output":0.5}]}""", "predictions[0].occurredAt")]
    [InlineData("""{"predictions":[{"id":"a","occurredAt":"2025-01-06T00:00:00Z","output":0.5,"features":{"x":[1]}}]}""", "predictions[0].features.x")]
    [InlineData("""{"predictions":[{"id":"a","occurredAt":"2025-01-06T00:00:00Z","output":0.5,"features":{"x":1e999}}]}""", "predictions[0].features.x")]
    public async Task A_prediction_that_cannot_be_taken_is_refused_by_name_and_nothing_is_logged(string body, string field)
    {
        var (engineer, endpoint) = await EndpointAsync("Refusing");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await engineer.Client.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", content, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Modelling.Text(problem.GetProperty("errors")[0], "field").ShouldBe(field);
        (await engineer.GetAsync($"/api/v1/endpoints/{endpoint}/predictions")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Outcomes_may_come_early_late_and_again_and_the_last_event_wins()
    {
        var (engineer, endpoint) = await EndpointAsync("Outcomes");
        (await SendAsync(engineer, endpoint, ("a", 3, 1))).ShouldBe(Counts(taken: 1, unmatched: 1));
        await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", Batch(("a", 0, 0.5), ("b", 0, 0.5), ("c", 8, 0.5)));
        (await SendAsync(engineer, endpoint, ("a", 3, 1))).ShouldBe(Counts(unchanged: 1, matched: 1));
        var monitor = Modelling.Text((await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/monitors", new { name = "weekly", minRows = 1, minCoverage = 0 })).GetProperty("monitor"), "id");
        await engineer.RunMonitorAsync(monitor);
        (await FirstAsync(engineer, monitor)).ShouldBe((2, 1, 1.0, 1));

        (await SendAsync(engineer, endpoint, ("a", 4, 0), ("a", 2, 1), ("b", 5, 1), ("b", -1, 0))).ShouldBe(Counts(taken: 4, matched: 3, unmatched: 1, late: 3));
        (await engineer.RunMonitorAsync(monitor)).GetProperty("windows").GetInt32().ShouldBeGreaterThan(0);
        (await FirstAsync(engineer, monitor)).ShouldBe((2, 2, 0.5, 2));
    }

    [Fact]
    public async Task Outcomes_come_as_CSV_too()
    {
        var (engineer, endpoint) = await EndpointAsync("Csv");
        await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", Batch(("a", 0, 0.5), ("b", 0, 0.5)));
        (await CsvAsync(engineer, endpoint, "prediction_id,value,at\n\"a\",1,2025-01-08T00:00:00Z\nb,0,\n")).ShouldBe((200, Counts(taken: 2, matched: 2).ToString()));
        (await CsvAsync(engineer, endpoint, "prediction_id,value,at\na,1,yesterday\n")).ShouldBe((400, "monitoring.csv_line"));
        (await CsvAsync(engineer, endpoint, "a,b\n1,2\n")).ShouldBe((400, "monitoring.csv_header"));
        (await CsvAsync(engineer, endpoint, "id,value\na,nan\n")).ShouldBe((400, "invalid"));
    }

    private async Task<(TestMember Engineer, string Endpoint)> EndpointAsync(string name)
    {
        var tenant = await portal.TenantAsync(name + Guid.NewGuid().ToString("n")[..6]);
        var project = await tenant.ProjectAsync("Elsewhere");
        var model = Modelling.Text((await tenant[Role.DataScientist].PostAsync("/api/v1/models", new { project = project.Id, name = "external", task = "binary" })).GetProperty("model"), "id");
        var created = await tenant[Role.MlOpsEngineer].PostAsync("/api/v1/endpoints", new { project = project.Id, name = "elsewhere", environment = "sandbox", model });
        return (tenant[Role.MlOpsEngineer], Modelling.Text(created.GetProperty("deployment"), "id"));
    }

    private static object Batch(params (string Id, int Day, double Output)[] rows) =>
        new { predictions = rows.Select(row => new { id = row.Id, occurredAt = Monday.AddDays(row.Day), output = row.Output, features = new { x = 1.5, c = "north", t = true, gone = (string?)null } }) };

    private static async Task<string> SendAsync(TestMember who, string endpoint, params (string Id, int Day, int Value)[] rows) =>
        (await who.PostAsync($"/api/v1/endpoints/{endpoint}/actuals", new { actuals = rows.Select(row => new { id = row.Id, value = row.Value, at = Monday.AddDays(row.Day) }) })).GetRawText();

    private static string Counts(int taken = 0, int unchanged = 0, int matched = 0, int unmatched = 0, int late = 0) =>
        $$"""{"taken":{{taken}},"unchanged":{{unchanged}},"matched":{{matched}},"unmatched":{{unmatched}},"late":{{late}}}""";

    private static async Task<(int Status, string Said)> CsvAsync(TestMember who, string endpoint, string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await who.Client.PostAsync($"/api/v1/endpoints/{endpoint}/actuals/csv", content, Stop);
        var said = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? said.GetRawText() : Modelling.Text(said, "code"));
    }

    /// <summary>Rows, known outcomes, their mean and the revision of the first window.</summary>
    private static async Task<(long Rows, long Labelled, double Outcome, int Revision)> FirstAsync(TestMember who, string monitor)
    {
        var run = (await who.GetAsync($"/api/v1/monitors/{monitor}/runs")).GetProperty("items")[0];
        var outcome = run.GetProperty("scores").EnumerateArray().Single(score => Modelling.Text(score, "signal") == "meanOutcome").GetProperty("value").GetDouble();
        return (run.GetProperty("rows").GetInt64(), run.GetProperty("labelled").GetInt64(), outcome, run.GetProperty("revision").GetInt32());
    }
}
