using System.Collections.Immutable;
using Bunit;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Monitoring.KpiTracking.Marks;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Web.Components.Pages.Kpis;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Kpis;

public sealed class TrackChartTests : KitTest
{
    private static readonly DateOnly Sunday = new(2025, 1, 12);

    [Fact]
    public void A_new_formula_begins_another_line()
    {
        var chart = Chart(Point(0, 0.20m, section: 0), Point(1, 0.21m, section: 0), Point(2, 0.15m, section: 1), Point(3, 0.16m, section: 1));

        chart.FindAll("path.series").Select(line => line.GetAttribute("d")!.Count(letter => letter is 'M' or 'L')).ShouldBe([2, 2]);
        chart.Find("[role=img]").GetAttribute("aria-label")!.ShouldContain("measured, formula 2 from 0.15 to 0.16");
    }

    [Fact]
    public void Declared_values_are_a_dashed_line_of_their_own_that_interrupts_nothing()
    {
        var chart = Chart(Point(0, 0.20m), Point(1, 0.3m, ValueSource.Declared), Point(2, 0.21m));

        var lines = chart.FindAll("path.series");
        lines.Count.ShouldBe(2);
        lines[0].GetAttribute("d")!.ShouldContain("L");
        lines[1].ClassName.ShouldNotBeNull().ShouldContain("dashed");
        chart.FindAll("path.dots").Count.ShouldBe(2);
    }

    [Fact]
    public void Target_and_thresholds_releases_and_incidents_are_drawn()
    {
        var chart = Render<TrackChart>(parameters => parameters.Add(page => page.Track, Track([Point(0, 0.2m), Point(1, 0.19m)],
            new KpiMark(KpiMarkKind.Release, At(3.5), null, "v6", null), new KpiMark(KpiMarkKind.Incident, At(0), At(7), "incident 14", null))));

        chart.FindAll(".threshold-name").Select(name => name.TextContent).ShouldBe(["target 0.2", "watch 0.18", "alert 0.15"]);
        chart.Find("line.mark").GetAttribute("x1").ShouldBe("500");
        chart.Find("rect.band").GetAttribute("width").ShouldBe("1000");
    }

    [Fact]
    public void What_happened_after_the_last_value_or_before_the_first_is_not_drawn_at_the_edge()
    {
        var chart = Render<TrackChart>(parameters => parameters.Add(page => page.Track, Track([Point(0, 0.2m), Point(1, 0.19m)],
            new KpiMark(KpiMarkKind.Release, At(90), null, "v7", null), new KpiMark(KpiMarkKind.Incident, At(60), null, "later", null),
            new KpiMark(KpiMarkKind.Incident, At(-60), At(-30), "earlier", null))));

        chart.FindAll("line.mark, rect.band").ShouldBeEmpty();
    }

    private IRenderedComponent<TrackChart> Chart(params ImmutableArray<KpiPoint> points) => Render<TrackChart>(parameters => parameters.Add(page => page.Track, Track(points)));

    private static KpiTrack Track(ImmutableArray<KpiPoint> points, params ImmutableArray<KpiMark> marks) => new(
        new ProjectId(Guid.NewGuid()),
        new Kpi(new KpiId(Guid.NewGuid()), 1, new ObjectiveId(Guid.NewGuid()), "Visit share", "", "visits ÷ messages", "share", KpiDirection.Increase, 0.15m, Sunday, 0.2m, 0.18m, 0.15m, "Ana", Cadence.Weekly, ""),
        points, [], marks, new KpiFreshness(Sunday, Sunday.AddDays(7), Stale: false));

    private static KpiPoint Point(int week, decimal value, ValueSource source = ValueSource.Measured, int section = 0) =>
        new(new KpiValue(Sunday.AddDays(7 * week), value, source, "", 1, new UserId(Guid.NewGuid()), "Ana", Now, 1, Withdrawn: false, null), null, null, section);

    private static DateTimeOffset At(double days) => new DateTimeOffset(Sunday, TimeOnly.MinValue, TimeSpan.Zero).AddDays(days);
}
