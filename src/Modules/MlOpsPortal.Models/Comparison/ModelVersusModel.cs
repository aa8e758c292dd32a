using System.Collections.Immutable;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Multiclass;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Models.Comparison;

/// <summary>The paired comparison of versions, and the metrics of what they have to beat.</summary>
/// <param name="Versions">Each version against each other one; its winner is a version that is detectably better than every other.</param>
/// <param name="WithBaselines">The same with constant and heuristic among the candidates.</param>
internal sealed record ModelVersusModel(ModelComparison Versions, ModelComparison WithBaselines, ImmutableArray<Baseline> Baselines)
{
    public const string Constant = "constant";
    public const string Heuristic = "heuristic";

    public static ModelVersusModel Compute(IReadOnlyList<string> names, List<EvaluationRow> rows, List<StoredPredictions> predictions)
    {
        var plan = new BootstrapPlan(rows[0].Seed, rows.Min(row => row.Resamples));
        var actual = predictions[0].Actual;
        var baselines = Scores(rows, predictions);
        return rows[0].Task switch
        {
            MlTask.Binary => Binary(names, rows, predictions, baselines, actual, plan),
            MlTask.Multiclass => Multiclass(names, rows, predictions, actual, plan),
            MlTask.Regression => Regression(names, predictions, baselines, actual, plan),
            _ => throw new InvalidOperationException($"Nothing is compared for {rows[0].Task}."),
        };
    }

    /// <summary>The constant says of every row what the training version's classes were.</summary>
    private static ModelVersusModel Multiclass(IReadOnlyList<string> names, List<EvaluationRow> rows, List<StoredPredictions> predictions, double[] actual, BootstrapPlan plan)
    {
        var reports = rows.ConvertAll(EvaluationDesk.ReadReport);
        var classes = reports[0]?.Multiclass?.Classes ?? throw new InvalidOperationException($"Evaluation {rows[0].Id} is done without a report.");
        var truth = Predictions.Classes(actual);
        var candidates = names.Select((name, index) => new MulticlassCandidate(name, predictions[index].Predicted)).ToList();
        double[]? constant = reports.Find(report => report?.ConstantShares is not null)?.ConstantShares is { } shares ? [.. Enumerable.Repeat(shares, truth.Length).SelectMany(row => row)] : null;
        var all = constant is null ? candidates : [.. candidates, new MulticlassCandidate(Constant, constant)];
        return new ModelVersusModel(
            MulticlassComparisons.Compare(truth, classes.Length, candidates, plan),
            MulticlassComparisons.Compare(truth, classes.Length, all, plan),
            constant is null ? [] : [new Baseline(Constant, null, null, null) { Multiclass = MulticlassMetrics.Evaluate(truth, constant, classes) }]);
    }

    private static ModelVersusModel Binary(
        IReadOnlyList<string> names, List<EvaluationRow> rows, List<StoredPredictions> predictions, List<(string Key, string? Column, double[] Scores)> baselines, double[] actual, BootstrapPlan plan)
    {
        var truth = Predictions.Truth(actual);
        var candidates = names.Select((name, index) => new BinaryCandidate(name, predictions[index].Predicted, rows[index].Threshold ?? 0.5)).ToList();
        var all = candidates.Concat(baselines.Select(baseline => new BinaryCandidate(baseline.Key, baseline.Scores))).ToList();
        return new ModelVersusModel(
            BinaryComparisons.Compare(truth, candidates, plan),
            BinaryComparisons.Compare(truth, all, plan),
            [.. baselines.Select(baseline => new Baseline(baseline.Key, baseline.Column, BinaryMetrics.Evaluate(truth, baseline.Scores), null))]);
    }

    private static ModelVersusModel Regression(
        IReadOnlyList<string> names, List<StoredPredictions> predictions, List<(string Key, string? Column, double[] Scores)> baselines, double[] actual, BootstrapPlan plan)
    {
        var candidates = names.Select((name, index) => new RegressionCandidate(name, predictions[index].Predicted)).ToList();
        var all = candidates.Concat(baselines.Select(baseline => new RegressionCandidate(baseline.Key, baseline.Scores))).ToList();
        return new ModelVersusModel(
            RegressionComparisons.Compare(actual, candidates, plan),
            RegressionComparisons.Compare(actual, all, plan),
            [.. baselines.Select(baseline => new Baseline(baseline.Key, baseline.Column, null, RegressionMetrics.Evaluate(actual, baseline.Scores)))]);
    }

    /// <summary>From the first version that knows them: they belong to its training version.</summary>
    private static List<(string Key, string? Column, double[] Scores)> Scores(List<EvaluationRow> rows, List<StoredPredictions> predictions)
    {
        var reports = rows.ConvertAll(EvaluationDesk.ReadReport);
        var scores = new List<(string, string?, double[])>();
        if (reports.Find(report => report?.Constant is not null)?.Constant is { } constant)
            scores.Add((Constant, null, Enumerable.Repeat(constant, predictions[0].Actual.Length).ToArray()));
        if (reports.FindIndex(report => report?.Heuristic is not null) is >= 0 and var index && predictions[index].Heuristic is { } heuristic)
            scores.Add((Heuristic, reports[index]!.Heuristic!.Column, heuristic)); // found just now
        return scores;
    }
}

/// <summary>What a model has to beat, measured on the same rows.</summary>
/// <param name="Key">constant or heuristic.</param>
/// <param name="Column">Of the heuristic.</param>
public sealed record Baseline(string Key, string? Column, BinaryReport? Binary, RegressionReport? Regression)
{
    public MulticlassReport? Multiclass { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyDictionary<string, Metric> Metrics => Binary?.Metrics ?? Multiclass?.Metrics ?? Regression?.Metrics ?? ImmutableDictionary<string, Metric>.Empty;
}
