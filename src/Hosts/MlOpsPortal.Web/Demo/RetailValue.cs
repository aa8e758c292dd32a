using MlOpsPortal.Datasets;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;

namespace MlOpsPortal.Web.Demo;

/// <summary>Value in the retail story: what was guessed before 2024, and the weekly visit share of 2024 as it is measured from the messages.</summary>
internal sealed class RetailValue(ProjectDesk projects, MeasurementDesk measurements, KpiValueDesk values, DemoFiles files)
{
    private static readonly DateOnly First = new(2024, 1, 1);
    private static readonly DateOnly Last = new(2025, 1, 5);

    /// <summary>Both parts of the year: the data was split for the model, the KPI is about all of it.</summary>
    private const string AllMessages = "(SELECT * FROM to_september UNION ALL BY NAME SELECT * FROM fourth_quarter)";

    /// <summary>Begins to measure; the run goes on while the story does.</summary>
    public async Task BeginAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, DatasetId messages, CancellationToken cancellationToken)
    {
        var (owner, scientist) = (people[Role.BusinessOwner], people[Role.DataScientist]);
        var kpi = await KpiAsync(owner, project, cancellationToken);
        if ((await values.SeriesAsync(owner, project, kpi, cancellationToken)).Required().Values.IsEmpty)
            (await values.RecordAsync(owner, project, kpi, new RecordKpiValue(First.AddDays(-1), 0.15m, "Estimated from the leaflets of 2023, before there were messages"), cancellationToken)).Required();
        if ((await measurements.GetAsync(scientist, project, kpi, cancellationToken)).Required().Version == 0)
            (await measurements.DefineAsync(scientist, project, kpi, new MeasurementSpec(
                $"SELECT sum({RetailData.Target})\nFROM {AllMessages}", $"SELECT count(*)\nFROM {AllMessages}",
                [new MeasurementInput("to_september", messages, 1, DateColumn: "sent_at"), new MeasurementInput("fourth_quarter", messages, 2, DateColumn: "sent_at")],
                PeriodGrain.Week, First, SettleDays: 14), expectedVersion: null, cancellationToken)).Required();
        if (await LastRunAsync(scientist, project, kpi, cancellationToken) is null)
            (await measurements.RunAsync(scientist, project, kpi, new RunMeasurement(First, Last), cancellationToken)).Required();
    }

    public async Task EndAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, CancellationToken cancellationToken)
    {
        var scientist = people[Role.DataScientist];
        var kpi = await KpiAsync(scientist, project, cancellationToken);
        var run = await files.UntilAsync("the values of 2024", () => LastRunAsync(scientist, project, kpi, cancellationToken), run => run is { State: not KpiRunState.UnderWay }, cancellationToken);
        if (run!.State == KpiRunState.Failed) // waited for above
            throw new InvalidOperationException($"The demo's KPI was not measured: {run.Fault}");
    }

    private async Task<KpiId> KpiAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        (await projects.GetAsync(caller, project, cancellationToken)).Required().State.Kpis[0].Id;

    private async Task<KpiRun?> LastRunAsync(Caller caller, ProjectId project, KpiId kpi, CancellationToken cancellationToken) =>
        (await measurements.RunsAsync(caller, project, kpi, PageRequest.Of(1, null), cancellationToken)).Required().Items.FirstOrDefault();
}
