using Bunit;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Web.Components.Pages.Monitoring;
using MlOpsPortal.Web.Kit;

namespace MlOpsPortal.Web.Pages;

public sealed class DriftTableTests : KitTest
{
    [Fact]
    public void Drifted_columns_come_first_and_those_without_a_number_before_the_steady_ones()
    {
        var rows = DriftRow.Of(Run(("calm", 0.01, null), ("none", null, "constantReference"), ("worst", 0.7, null), ("watch", 0.2, null)), Detail);
        rows.Select(row => row.Column).ShouldBe(["worst", "watch", "none", "calm"]);
        rows.Single(row => row.Column == "none").Note.ShouldBe("the reference is the same in every row");
        rows[0].Note.ShouldBe("under 10: 90 %, 50 % in the reference");
    }

    [Fact]
    public void The_chosen_column_says_how_it_was_measured()
    {
        var rows = DriftRow.Of(Run(("worst", 0.7, null)), Detail);
        var table = Render<DriftTable>(parameters => parameters.Add(page => page.Rows, rows).Add(page => page.Column, "worst").Add(page => page.Href, column => "?column=" + column));
        table.Find("tr[aria-current=true]").TextContent.ShouldContain("drifted");
        table.Markup.ShouldContain("PSI, reference deciles");
        table.Markup.ShouldContain("2 bins · 100 values against 200");
    }

    private static RunDetail Detail { get; } = new([], [new ScoreBins(MonitorSignal.Psi, "worst", "psi", [10], [], [100, 100], [90, 10])]);

    private static MonitorRun Run(params (string Column, double? Psi, string? Why)[] columns) => new()
    {
        Id = default, Monitor = default, Deployment = default, From = default, To = default, Revision = 1, Reference = new ReferenceFacts(ReferenceKind.Test, "test v1", null, null, null, 200), Rows = 100, Labelled = 0,
        ModelVersion = 1, ComputedAt = default, Scores = [.. columns.Select(column => new Score(MonitorSignal.Psi, column.Column, "psi", 2, null, column.Psi, column.Why, 200, 100))],
    };
}
