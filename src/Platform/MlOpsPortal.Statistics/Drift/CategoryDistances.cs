namespace MlOpsPortal.Statistics.Drift;

/// <summary>Distances between two samples of a category, over the union of their values; missing values are dropped.</summary>
public static class CategoryDistances
{
    /// <summary>Largest difference of a value's share.</summary>
    public static DriftScore LInfinity(CategorySample reference, CategorySample current) => Compare(reference, current, Divergences.LInfinity);

    /// <summary>Half the sum of differences of shares.</summary>
    public static DriftScore TotalVariation(CategorySample reference, CategorySample current) =>
        Compare(reference, current, (before, now) => before.Zip(now, (a, b) => Math.Abs(a - b)).Sum() / 2);

    /// <summary>Square root of the divergence, in nats (at most √ln 2) or, base 2, at most 1.</summary>
    public static DriftScore JensenShannon(CategorySample reference, CategorySample current, bool base2) =>
        Compare(reference, current, (before, now) => Divergences.JensenShannon(before, now) / (base2 ? Math.Sqrt(Math.Log(2)) : 1));

    /// <summary>Share of the current values that the reference does not have, 0..1.</summary>
    public static Metric NewValues(CategorySample reference, CategorySample current) =>
        DriftScore.Fault(reference, current) is { } fault
            ? Metric.Refused(fault)
            : Metric.Of((double)current.Counts.Where(value => reference[value.Key] == 0).Sum(value => value.Value) / current.Count);

    private static DriftScore Compare(CategorySample reference, CategorySample current, Func<double[], double[], double> distance)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        var (values, before, now) = CategorySample.Align(reference, current);
        return new DriftScore(Metric.Of(distance(Divergences.Shares(before), Divergences.Shares(now))), [], [.. values], [.. before], [.. now]);
    }
}
