using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.KpiTracking;

/// <summary>A project with the retail KPI, over the API.</summary>
internal sealed class RetailKpi
{
    public const string Rows = "SELECT sum(visited_within_14_days) FROM messages";
    public const string All = "SELECT count(*) FROM messages";
    private readonly TestTenant tenant;

    private RetailKpi(TestTenant tenant, TestProject project, string id) => (this.tenant, Project, Id) = (tenant, project, id);

    public TestProject Project { get; }

    public string Id { get; }

    public TestMember Scientist => tenant[Role.DataScientist];

    public string Address => $"/api/v1/projects/{Project.Id}/kpis/{Id}";

    public static async Task<RetailKpi> DefineAsync(TestTenant tenant, string project)
    {
        var made = await tenant.ProjectAsync(project);
        var (scientist, address) = (tenant[Role.DataScientist], $"/api/v1/projects/{made.Id}");
        var objective = await scientist.PostAsync($"{address}/objectives", new
        {
            title = "Shoppers know their local offers", type = "committed", start = "2025-01-01", end = "2026-12-31",
            keyResults = new[] { new { title = "Visit share", unit = "share", start = 0.15, target = 0.2 } },
        });
        var kpi = await scientist.PostAsync($"{address}/kpis", Body(objective.GetProperty("project").GetProperty("objectives")[0].GetProperty("id").GetString(), null, "visits ÷ messages"));
        return new RetailKpi(tenant, made, kpi.GetProperty("project").GetProperty("kpis")[0].GetProperty("id").GetString()!); // just made
    }

    /// <summary>Changes the formula in words, which is a new version of the KPI.</summary>
    public async Task ReformulateAsync(string formula)
    {
        var project = (await Scientist.GetAsync($"/api/v1/projects/{Project.Id}")).GetProperty("project");
        await Scientist.PostAsync($"/api/v1/projects/{Project.Id}/kpis", Body(project.GetProperty("objectives")[0].GetProperty("id").GetString(), Id, formula));
    }

    /// <summary>A week of messages, by the Monday it begins on; outcomes are known 14 days after the message.</summary>
    public static object Spec(object input, string numerator = Rows, string? denominator = All, string first = "2025-01-06", int settleDays = 14) =>
        new { numerator, denominator, inputs = new[] { input }, grain = "week", first, settleDays };

    public async Task<HttpResponseMessage> PutAsync(object spec) => await Scientist.Client.PutAsJsonAsync($"{Address}/measurement", spec);

    public async Task<HttpResponseMessage> TryAsync(object spec, string? day = null) => await Scientist.Client.PostAsJsonAsync($"{Address}/measurement/try", new { spec, day });

    /// <summary>Runs over a span and waits until it has ended.</summary>
    public async Task<JsonElement> RunAsync(string? from, string? to)
    {
        var begun = await Scientist.PostAsync($"{Address}/measurement/runs", new { from, to });
        var id = begun.GetProperty("id").GetString();
        var ended = await Jobs.UntilAsync("the run", async () =>
        {
            var run = (await Scientist.GetAsync($"{Address}/measurement/runs")).GetProperty("items").EnumerateArray().First(one => one.GetProperty("id").GetString() == id);
            return run.GetProperty("state").GetString() == "underWay" ? null : run.ToString();
        });
        return JsonElement.Parse(ended);
    }

    /// <summary>The measured values against the file that the data came with.</summary>
    public async Task ShouldEqualAsync(string file)
    {
        var expected = File.ReadAllLines(Path.Combine(LocalServices.Repository.Root, "samples", "retail", file)).Skip(1).Select(line => line.Split(',')).ToList();
        var points = (await Scientist.GetAsync($"{Address}/track")).GetProperty("points").EnumerateArray()
            .Where(point => point.GetProperty("value").GetProperty("source").GetString() == "measured").ToList();
        points.Count.ShouldBe(expected.Count);
        foreach (var (point, week) in points.Zip(expected))
        {
            var (value, evidence) = (point.GetProperty("value"), point.GetProperty("value").GetProperty("evidence"));
            point.GetProperty("periodStart").GetString().ShouldBe(week[1]);
            evidence.GetProperty("denominator").GetDecimal().ShouldBe(Number(week[2]), week[1]);
            evidence.GetProperty("numerator").GetDecimal().ShouldBe(Number(week[3]), week[1]);
            value.GetProperty("value").GetDouble().ShouldBe(double.Parse(week[4], CultureInfo.InvariantCulture), week[1]);
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static object Body(string? objective, string? id, string formula) => new
    {
        id, objective, name = "Visit share", formula, unit = "share", direction = "increase", baseline = 0.15, baselineDate = "2023-12-31",
        target = 0.2, amber = 0.18, red = 0.15, owner = "Ana", cadence = "weekly",
    };
}
