using System.Collections.Immutable;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Fairness;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Multiclass;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>Metrics of the groups of a column: the same as of all rows, fewer of them.</summary>
internal static class Slicer
{
    /// <summary>A group with fewer rows is shown with its count and no metric.</summary>
    public const int SmallestGroup = 20;

    /// <summary>Resamples of a group: its interval need not be sharper than the group itself.</summary>
    private const int MaxResamples = 200;

    private static readonly string[] BinaryKeys = ["roc_auc", "average_precision", "log_loss", "brier", "accuracy", "f1"];
    private static readonly string[] MulticlassKeys = ["log_loss", "accuracy", "balanced_accuracy", "f1_macro"];
    private static readonly string[] RegressionKeys = ["rmse", "mae", "bias", "r2"];

    public static SliceColumn Slice(GroupColumn column, ScoredRows rows, EvaluateSpec spec)
    {
        var byGroup = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var row = 0; row < column.Groups.Length; row++)
        {
            if (!byGroup.TryGetValue(column.Groups[row], out var members))
                byGroup[column.Groups[row]] = members = [];
            members.Add(row);
        }

        return new SliceColumn(column.Column, column.Ranges, [.. column.Order.Where(byGroup.ContainsKey).Select(group => new SliceGroup(group, byGroup[group].Count, Measure(rows, byGroup[group], spec)))]);
    }

    public static FairnessReport Fairness(GroupColumn column, ScoredRows rows, double threshold) =>
        GroupFairness.Measure(column.Column, column.Groups, Predictions.Truth(rows.Actual), rows.Predicted, threshold);

    private static ImmutableSortedDictionary<string, Metric> Measure(ScoredRows all, List<int> members, EvaluateSpec spec)
    {
        var keys = spec.Contract.Task switch { MlTask.Binary => BinaryKeys, MlTask.Multiclass => MulticlassKeys, _ => RegressionKeys };
        if (members.Count < SmallestGroup)
            return keys.ToImmutableSortedDictionary(key => key, _ => Metric.Refused(NotComputable.TooFewRows), StringComparer.Ordinal);
        var rows = all.Of(members);
        var plan = spec.Plan with { Resamples = Math.Clamp(spec.Plan.Resamples, 100, MaxResamples) };
        var metrics = Measure(rows, spec.Contract, spec.Threshold ?? 0.5, plan);
        // The plan stands on the evaluation; repeated with each number it would be most of the document.
        return keys.ToImmutableSortedDictionary(key => key, key => metrics[key] with { Interval = metrics[key].Interval is { } interval ? interval with { Bootstrap = null } : null }, StringComparer.Ordinal);
    }

    private static IReadOnlyDictionary<string, Metric> Measure(ScoredRows rows, ModelContract contract, double threshold, BootstrapPlan plan) => contract.Task switch
    {
        MlTask.Binary => BinaryMetrics.Evaluate(Predictions.Truth(rows.Actual), rows.Predicted, threshold, plan).Metrics,
        MlTask.Multiclass => MulticlassMetrics.Evaluate(Predictions.Classes(rows.Actual), rows.Predicted, contract.ClassNames, plan).Metrics,
        MlTask.Regression => RegressionMetrics.Evaluate(rows.Actual, rows.Predicted, plan).Metrics,
        _ => throw new InvalidOperationException($"Nothing is measured for {contract.Task}."),
    };
}
