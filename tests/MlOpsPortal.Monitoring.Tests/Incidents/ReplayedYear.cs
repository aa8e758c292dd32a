using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Tests.Measuring;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Incidents;

/// <summary>An incident as it was first seen.</summary>
/// <param name="Week">Of the year, in whose run it was found.</param>
/// <param name="Cause">Ranked first then.</param>
internal sealed record FoundIncident(string Id, int Week, string Title, string Cause, double Score);

/// <summary>A retail year as it goes by: each week its messages are scored, the outcomes and the KPI that are known by then come in, and the monitor runs.</summary>
internal sealed class ReplayedYear(PortalHost portal, RetailStore store, string monitor, string kpi, ILookup<int, RetailMessage> weeks)
{
    public const int Weeks = 52;

    /// <summary>Outcomes are known two weeks after a message.</summary>
    public const int OutcomeLag = 2;
    private readonly List<FoundIncident> found = [];

    public IReadOnlyList<FoundIncident> Found => found;

    public RetailStore Store => store;

    public static async Task<ReplayedYear> OpenAsync(PortalHost portal, string year)
    {
        var store = await RetailStore.OpenAsync(await portal.TenantAsync("Replay" + year), "response_model");
        var (owner, address) = (store.Tenant[Role.BusinessOwner], $"/api/v1/projects/{store.Project.Id}");
        var withObjective = await owner.PostAsync(address + "/objectives", new
        {
            title = "Shoppers know their local offers", type = "committed", start = "2025-01-01", end = "2025-12-31", keyResults = new[] { new { title = "Visit share", unit = "share", start = 0.19, target = 0.2 } },
        });
        var withKpi = await owner.PostAsync(address + "/kpis", new
        {
            objective = withObjective.GetProperty("project").GetProperty("objectives")[0].GetProperty("id").GetString(), name = "Visit share", formula = "visitors within 14 days ÷ messages sent", unit = "share",
            direction = "increase", baseline = 0.19, baselineDate = "2024-12-31", target = 0.2, amber = 0.18, red = 0.15, owner = "Ana", cadence = "weekly",
        });
        var kpi = withKpi.GetProperty("project").GetProperty("kpis")[0].GetProperty("id").GetString() ?? throw new JsonException("A KPI without an id.");
        return new ReplayedYear(portal, store, await store.MonitorAsync(new { name = "weekly" }), kpi, RetailYear.Read(year).ToLookup(message => message.Week));
    }

    public async Task PlayAsync(int week)
    {
        await store.Engineer.ScoreAsync(store.EndpointName, weeks[week]);
        var known = weeks[week - OutcomeLag].ToList();
        if (known.Count > 0)
        {
            await store.Engineer.SendOutcomesAsync(store.Endpoint, known);
            var share = Math.Round((decimal)known.Count(message => message.Visited) / known.Count, 6);
            var date = RetailYear.WeekStart(week - OutcomeLag).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            await store.Tenant[Role.BusinessOwner].PostAsync($"/api/v1/projects/{store.Project.Id}/kpis/{kpi}/values", new { date, value = share, note = "counted in the stores" });
        }

        var spool = portal.Services.GetRequiredService<SpoolStatus>();
        await Jobs.UntilAsync("the log", () => Task.FromResult(spool.Now.Waiting == 0 ? "" : null));
        await store.Engineer.RunMonitorAsync(monitor);
        foreach (var incident in (await IncidentsAsync()).Where(incident => found.TrueForAll(known => known.Id != incident.GetProperty("id").GetString())))
        {
            var first = incident.GetProperty("causes")[0];
            found.Add(new FoundIncident(
                Modelling.Text(incident, "id"), week, Modelling.Text(incident, "title"), Modelling.Text(first, "cause"), first.GetProperty("score").GetDouble()));
        }
    }

    public async Task<JsonElement> IncidentAsync(string id) => await store.Engineer.GetAsync($"/api/v1/incidents/{id}");

    /// <summary>The model of the way back: retrained on the year's own data, evaluated, let into the endpoint.</summary>
    public async Task RedevelopAsync()
    {
        var (scientist, samples) = (store.Tenant[Role.DataScientist], Path.Combine(RetailYear.Folder, "response_model_2025"));
        var training = await scientist.DatasetAsync(store.Project, "training 2025", Path.Combine(samples, "train.csv"), "training", "visited_within_14_days");
        var test = await scientist.DatasetAsync(store.Project, "test 2025", Path.Combine(samples, "test.csv"), "test", "visited_within_14_days", training);
        var version = await scientist.VersionAsync(store.Model, Path.Combine(samples, "models", "lightgbm.onnx"), "visited_within_14_days", training, "LightGBM");
        await scientist.EvaluateAsync(version, test);
        await store.Engineer.DeployAsync(store.Endpoint, version);
    }

    private async Task<IEnumerable<JsonElement>> IncidentsAsync() =>
        (await store.Engineer.GetAsync($"/api/v1/incidents?endpoint={store.Endpoint}&open=false")).GetProperty("items").EnumerateArray();
}
