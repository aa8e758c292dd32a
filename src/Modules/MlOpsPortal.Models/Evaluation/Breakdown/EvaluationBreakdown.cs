using System.Collections.Immutable;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Fairness;
using MlOpsPortal.Statistics.Importance;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>Where a model is good and where it is not: by the groups of each column, by named sensitive attributes, and by what each feature contributes.</summary>
/// <param name="Slices">One per column that has groups, in the dataset's order.</param>
/// <param name="Fairness">One per sensitive attribute that was named; binary models only.</param>
/// <param name="Importance">Null for a version that the portal does not run, and when it was not asked for.</param>
public sealed record EvaluationBreakdown(ImmutableArray<SliceColumn> Slices, ImmutableArray<FairnessReport> Fairness, ImportanceReport? Importance)
{
    public static readonly EvaluationBreakdown Nothing = new([], [], null);
}

/// <param name="Ranges">Are the groups ranges of numbers (quarters of the rows), and not values?</param>
public sealed record SliceColumn(string Column, bool Ranges, ImmutableArray<SliceGroup> Groups);

/// <summary>The rows of one group.</summary>
/// <param name="Group">A value, "missing", or a range such as "18 to 25".</param>
/// <param name="Metrics">With intervals; each refused in a group that is too small to say anything.</param>
public sealed record SliceGroup(string Group, int Rows, IReadOnlyDictionary<string, Metric> Metrics);
