using System.Collections.Immutable;
using MlOpsPortal.Monitoring.Monitors;

namespace MlOpsPortal.Monitoring.Tests;

public sealed class MonitoringGateTests
{
    [Fact]
    public void Nothing_in_production_meets_nothing() => MonitoringGate.Check(default, []).ShouldAllBe(check => !check.Met);

    [Fact]
    public void One_endpoint_that_nobody_watches_is_named()
    {
        var checks = MonitoringGate.Check(default, [Watched("a", Monitor(TimeSpan.FromDays(1)), 10, 5), new WatchedEndpoint("bare", [], null)]);
        checks.ShouldAllBe(check => !check.Met);
        checks[0].Evidence.ShouldBe("bare");
    }

    [Fact]
    public void A_watched_endpoint_with_outcomes_meets_all_and_one_without_schedule_or_outcomes_says_so()
    {
        MonitoringGate.Check(default, [Watched("a", Monitor(TimeSpan.FromDays(1)), 10, 5)]).ShouldAllBe(check => check.Met);
        MonitoringGate.Check(default, [Watched("a", Monitor(null), 10, 0)]).Where(check => !check.Met).Select(check => check.Code).ShouldBe(["gate.monitor_scheduled", "gate.outcomes_known"]);
        MonitoringGate.Check(default, [Watched("a", Monitor(TimeSpan.FromDays(1)), 0, 0)]).Where(check => !check.Met).Select(check => check.Code).ShouldBe(["gate.monitor_ran", "gate.outcomes_known"]);
    }

    private static WatchedEndpoint Watched(string name, EndpointMonitor monitor, long rows, long labelled) => new(name, [monitor], new MonitorRun
    {
        Id = default, Monitor = monitor.Id, Deployment = default, From = default, To = default, Revision = 1, Reference = new ReferenceFacts(ReferenceKind.Test, "test v1", null, null, null, 100), Rows = rows, Labelled = labelled,
        ModelVersion = 1, Scores = ImmutableArray<Score>.Empty, ComputedAt = default,
    });

    private static EndpointMonitor Monitor(TimeSpan? every) => new()
    {
        Id = default, Deployment = default, Project = default, Name = "weekly", Window = MonitorWindow.Weekly, Reference = MonitorReference.Test, Schedule = every is { } span ? new MonitorSchedule(span) : null, MinRows = 1,
        MinCoverage = 0, Methods = [], CreatedBy = default, CreatedByName = "", CreatedAt = default,
    };
}
