using System.Collections.Immutable;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Fairness;

/// <summary>
/// Fairlearn's MetricFrame for yes-or-no decisions: selection rate, true and false positive and negative rates, accuracy and precision by group, their
/// differences (largest less smallest) and ratios (smallest by largest), demographic parity and equalized odds (worst case). Unsigned: which group is worse off is read from the groups.
/// A rate that a group has no rows for is left out of the comparison and says so.
/// </summary>
public static class GroupFairness
{
    /// <summary>Fewer rows say too little to be compared; thirty is where the usual normal approximations begin.</summary>
    public const int DefaultSmallestGroup = 30;

    public static ImmutableArray<string> Keys { get; } = ["selection_rate", "tpr", "fpr", "fnr", "tnr", "accuracy", "precision"];

    /// <param name="attribute">Name of the sensitive attribute.</param>
    /// <param name="groups">Group of each row.</param>
    /// <param name="truth">True for the positive class.</param>
    /// <param name="scores">A score at or above the threshold is decided positive.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static FairnessReport Measure(
        string attribute, IReadOnlyList<string> groups, ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores, double threshold, int smallestGroup = DefaultSmallestGroup, double level = 0.95)
    {
        Columns.RequireSameLength(truth.Length, scores.Length, nameof(scores));
        Columns.RequireSameLength(truth.Length, groups.Count, nameof(groups));
        var counts = new SortedDictionary<string, Confusion>(StringComparer.Ordinal);
        var all = new Confusion(0, 0, 0, 0);
        for (var row = 0; row < truth.Length; row++)
        {
            all = Add(all, truth[row], scores[row] >= threshold);
            counts[groups[row]] = Add(counts.GetValueOrDefault(groups[row]) ?? new Confusion(0, 0, 0, 0), truth[row], scores[row] >= threshold);
        }

        var overall = Rates("", all, level);
        ImmutableArray<GroupRates> byGroup = [.. counts.Select(entry => Rates(entry.Key, entry.Value, level))];
        var compared = byGroup.Where(group => group.Rows >= smallestGroup).ToList();
        var differences = Each(key => Over(compared, key, values => values.Max() - values.Min()));
        var ratios = Each(key => Over(compared, key, values => values.Max() == 0 ? double.NaN : values.Min() / values.Max()));
        return new FairnessReport(
            attribute, overall, byGroup, [.. byGroup.Where(group => group.Rows < smallestGroup).Select(group => group.Group)], smallestGroup, differences, ratios,
            Each(key => overall.Rates[key].Value is { } whole ? Over(compared, key, values => values.Max(value => Math.Abs(value - whole))) : overall.Rates[key]))
        {
            DemographicParityDifference = differences["selection_rate"],
            DemographicParityRatio = ratios["selection_rate"],
            EqualizedOddsDifference = Worst(differences["tpr"], differences["fpr"], Math.Max),
            EqualizedOddsRatio = Worst(ratios["tpr"], ratios["fpr"], Math.Min),
            EqualOpportunityDifference = differences["tpr"],
        };
    }

    private static Confusion Add(Confusion known, bool truth, bool decided) => (truth, decided) switch
    {
        (true, true) => known with { TruePositives = known.TruePositives + 1 },
        (true, false) => known with { FalseNegatives = known.FalseNegatives + 1 },
        (false, true) => known with { FalsePositives = known.FalsePositives + 1 },
        (false, false) => known with { TrueNegatives = known.TrueNegatives + 1 },
    };

    private static GroupRates Rates(string group, Confusion confusion, double level)
    {
        var (tn, fp, fn, tp) = confusion;
        var (rows, positives, negatives) = (tn + fp + fn + tp, fn + tp, tn + fp);
        return new GroupRates(group, (int)rows, (int)positives, new Dictionary<string, Metric>(StringComparer.Ordinal)
        {
            ["selection_rate"] = Wilson.Share(fp + tp, rows, level, NotComputable.NoRows),
            ["tpr"] = Wilson.Share(tp, positives, level, NotComputable.NoPositives),
            ["fpr"] = Wilson.Share(fp, negatives, level, NotComputable.NoNegatives),
            ["fnr"] = Wilson.Share(fn, positives, level, NotComputable.NoPositives),
            ["tnr"] = Wilson.Share(tn, negatives, level, NotComputable.NoNegatives),
            ["accuracy"] = Wilson.Share(tn + tp, rows, level, NotComputable.NoRows),
            ["precision"] = fp + tp == 0 && rows > 0 ? Metric.ByConvention(0, NotComputable.NoPredictedPositives) : Wilson.Share(tp, fp + tp, level, NotComputable.NoRows),
        });
    }

    private static Dictionary<string, Metric> Each(Func<string, Metric> of) => Keys.ToDictionary(key => key, of, StringComparer.Ordinal);

    private static Metric Over(List<GroupRates> groups, string key, Func<List<double>, double> compare)
    {
        var values = groups.Select(group => group.Rates[key].Value).OfType<double>().ToList();
        if (values.Count < 2)
            return Metric.Refused(NotComputable.TooFewGroups);
        var result = compare(values);
        return double.IsNaN(result) ? Metric.Refused(NotComputable.ZeroDenominator) : Metric.Of(result);
    }

    private static Metric Worst(Metric ofPositives, Metric ofNegatives, Func<double, double, double> worse) =>
        ofPositives.Value is not { } first ? ofPositives : ofNegatives.Value is not { } second ? ofNegatives : Metric.Of(worse(first, second));
}
