using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Fairness;

/// <summary>Decisions by the groups of one sensitive attribute, with Fairlearn's definitions. No verdict: what is tolerable is a policy with an owner, not a number of ours.</summary>
/// <param name="Attribute">The column.</param>
/// <param name="Overall">All rows.</param>
/// <param name="Groups">By name; the small ones too.</param>
/// <param name="LeftOut">Groups with fewer than <paramref name="SmallestGroup"/> rows: shown, but not part of differences and ratios.</param>
/// <param name="SmallestGroup">Rows that a group needs to be compared.</param>
/// <param name="Differences">By metric: largest less smallest of the groups.</param>
/// <param name="Ratios">By metric: smallest by largest of the groups.</param>
/// <param name="DifferencesToOverall">By metric: the largest distance of a group from all rows.</param>
public sealed record FairnessReport(
    string Attribute,
    GroupRates Overall,
    ImmutableArray<GroupRates> Groups,
    ImmutableArray<string> LeftOut,
    int SmallestGroup,
    IReadOnlyDictionary<string, Metric> Differences,
    IReadOnlyDictionary<string, Metric> Ratios,
    IReadOnlyDictionary<string, Metric> DifferencesToOverall)
{
    /// <summary>Difference of the selection rates.</summary>
    public required Metric DemographicParityDifference { get; init; }

    /// <summary>Ratio of the selection rates.</summary>
    public required Metric DemographicParityRatio { get; init; }

    /// <summary>The larger of the differences of true and false positive rate.</summary>
    public required Metric EqualizedOddsDifference { get; init; }

    /// <summary>The smaller of the ratios of true and false positive rate.</summary>
    public required Metric EqualizedOddsRatio { get; init; }

    /// <summary>Difference of the true positive rates.</summary>
    public required Metric EqualOpportunityDifference { get; init; }
}

/// <summary>One group: how many rows and what is decided of them, with Wilson's intervals.</summary>
/// <param name="Rates">By key of <see cref="GroupFairness.Keys"/>, 0..1.</param>
public sealed record GroupRates(string Group, int Rows, int Positives, IReadOnlyDictionary<string, Metric> Rates);
