using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Monitoring.Measuring;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Monitoring.Tests.Measuring;

/// <summary>Hostile and empty windows: a reason, never NaN.</summary>
public sealed class WindowScoresTests
{
    private static readonly ColumnPlan Plan = ColumnPlan.Of([new ColumnSchema("x", ColumnType.Number, true), new ColumnSchema("c", ColumnType.Text, true), new ColumnSchema("t", ColumnType.Boolean, false)], null);

    [Fact]
    public void Equal_windows_have_not_drifted()
    {
        var run = Score(Rows(500), Reference(Rows(500)));
        Value(run, MonitorSignal.Psi, "x").ShouldBe(0);
        Value(run, MonitorSignal.Ks, "x").ShouldBe(0);
        Value(run, MonitorSignal.LInfinity, "c").ShouldBe(0);
        Value(run, MonitorSignal.NewValueShare, "c").ShouldBe(0);
        Value(run, MonitorSignal.OutOfRangeShare, "x").ShouldBe(0);
        Value(run, MonitorSignal.MissingShare, "x").ShouldBe(0.1, 1e-9);
        run.Where(score => score.Signal == MonitorSignal.Realised).ShouldAllBe(score => score.Value != null && score.Base == score.Value);
    }

    [Fact]
    public void Without_a_reference_every_comparison_says_why_and_quality_is_still_counted()
    {
        var run = Score(Rows(500), ReferenceData.None(new ReferenceFacts(ReferenceKind.Test, "", null, null, null, 0), "noTestSet"));
        run.Where(score => score.Signal is MonitorSignal.Psi or MonitorSignal.Ks or MonitorSignal.LInfinity or MonitorSignal.PredictionDrift).ShouldAllBe(score => score.Value == null && score.NotComputable == "noTestSet");
        Value(run, MonitorSignal.MissingShare, "x").ShouldBe(0.1, 1e-9);
    }

    [Fact]
    public void An_empty_window_a_small_one_and_one_of_nulls_give_reasons_and_no_NaN()
    {
        foreach (var window in (string[][])[[], [.. Rows(5)], [.. Enumerable.Repeat("""{"x":null,"c":null,"t":null}""", 100)], [.. Enumerable.Repeat("{}", 100)]])
        {
            var run = Score(window, Reference(Rows(500)));
            run.ShouldAllBe(score => (score.Value == null) != (score.NotComputable == null));
            run.ShouldAllBe(score => score.Value == null || double.IsFinite(score.Value.Value));
            run.Single(score => score.Signal == MonitorSignal.Psi && score.Column == "x").Value.ShouldBeNull();
        }
    }

    [Fact]
    public void A_reference_of_one_row_of_nulls_or_of_one_value_is_no_reference()
    {
        Reason(Score(Rows(500), Reference(Rows(1))), MonitorSignal.Psi, "x").ShouldNotBeNull();
        Reason(Score(Rows(500), Reference(Enumerable.Repeat("""{"x":null}""", 100))), MonitorSignal.Psi, "x").ShouldBe("noReference");
        Reason(Score(Rows(500), Reference(Enumerable.Repeat("""{"x":7}""", 100))), MonitorSignal.Psi, "x").ShouldBe("constantReference");
    }

    [Fact]
    public void Ten_thousand_new_values_stay_bounded_and_values_of_another_kind_are_counted()
    {
        var wide = Enumerable.Range(0, 30_000).Select(row => $$"""{"x":"text","c":"v{{row}}","t":3}""");
        var run = Score(wide, Reference(Rows(500)));
        Reason(run, MonitorSignal.Psi, "c").ShouldBe("tooManyValues");
        Value(run, MonitorSignal.WrongTypeShare, "x").ShouldBe(1);
        Value(run, MonitorSignal.WrongTypeShare, "t").ShouldBe(1);
        Reason(run, MonitorSignal.Psi, "x").ShouldBe("noRows");
    }

    [Fact]
    public void A_realised_metric_needs_its_coverage()
    {
        var data = Data(Rows(500), known: 0.4);
        var run = WindowScores.Of(new WindowQuestion(Monitor(), MlTask.Binary, 0.5, null), data, Reference(Rows(500))).Scores;
        Value(run, MonitorSignal.Coverage, null).ShouldBe(0.4, 1e-9);
        run.Where(score => score.Signal == MonitorSignal.Realised).ShouldAllBe(score => score.NotComputable == "coverageTooLow");
    }

    private static IEnumerable<string> Rows(int count) => Enumerable.Range(0, count).Select(row => string.Create(
        CultureInfo.InvariantCulture, $$"""{"x":{{(row % 10 == 0 ? "null" : (row % 97).ToString(CultureInfo.InvariantCulture))}},"c":"{{"abc"[row % 3]}}","t":{{(row % 2 == 0 ? "true" : "false")}}}"""));

    private static WindowData Data(IEnumerable<string> rows, double known = 1)
    {
        var data = new WindowData(Plan);
        var list = rows.ToList();
        for (var row = 0; row < list.Count; row++)
            data.Add(new WindowRow(1, (row % 100) / 100.0, 100, list[row], row < known * list.Count ? (row % 100 > 60 ? 1 : 0) : null, false), isOurs: true);
        return data;
    }

    private static ReferenceData Reference(IEnumerable<string> rows)
    {
        var data = Data(rows);
        var metrics = data.Outcomes.Count < 2 ? [] : WindowScores.Metrics(true, 0.5, data.LabelledOutputs, data.Outcomes).Where(metric => metric.Value.Value is not null).ToDictionary(metric => metric.Key, metric => metric.Value.Value!.Value); // filtered
        return ReferenceData.Of(new ReferenceFacts(ReferenceKind.Window, "before", null, null, null, data.Rows), data, metrics);
    }

    private static ImmutableArray<Score> Score(IEnumerable<string> window, ReferenceData reference) =>
        WindowScores.Of(new WindowQuestion(Monitor(), MlTask.Binary, 0.5, null), Data(window), reference).Scores;

    private static EndpointMonitor Monitor() => new MonitorSettings("test").Apply(new EndpointMonitor
    {
        Id = default, Deployment = default, Project = default, Name = "", Window = MonitorWindow.Weekly, Reference = MonitorReference.Test, MinRows = 1, MinCoverage = 0, Methods = [], CreatedBy = default, CreatedByName = "",
        CreatedAt = default,
    });

    private static double Value(IEnumerable<Score> scores, MonitorSignal signal, string? column) =>
        scores.First(score => score.Signal == signal && score.Column == column).Value ?? throw new InvalidOperationException($"{signal} of {column} has no value.");

    private static string? Reason(IEnumerable<Score> scores, MonitorSignal signal, string column) => scores.First(score => score.Signal == signal && score.Column == column).NotComputable;
}
