namespace MlOpsPortal.Statistics.Drift;

/// <summary>Distances as other tools compute them, for those who compare. Same name, other bins: the numbers differ from the portal's own.</summary>
public static class NamedMethods
{
    private const int MostSeparate = 20;

    /// <summary>Evidently's PSI: equal-width bins over both samples by Sturges' rule when the reference has more than 20 different values, otherwise a bin for each value;
    /// zeros become 1e-4 or less.</summary>
    public static DriftScore PsiEvidently(NumericSample reference, NumericSample current) => Evidently(reference, current, Psi);

    public static DriftScore PsiEvidently(CategorySample reference, CategorySample current) => Evidently(reference, current, Psi);

    /// <summary>Evidently's Jensen-Shannon distance: nats, the same bins, zeros left alone.</summary>
    public static DriftScore JensenShannonEvidently(NumericSample reference, NumericSample current) => Evidently(reference, current, JensenShannon);

    public static DriftScore JensenShannonEvidently(CategorySample reference, CategorySample current) => Evidently(reference, current, JensenShannon);

    /// <summary>NannyML's Jensen-Shannon distance: base 2, bins of the reference by Doane's rule, what lies outside them in a bin of its own.</summary>
    public static DriftScore JensenShannonNannyMl(NumericSample reference, NumericSample current)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        if (reference.IsConstant)
            return DriftScore.Refused(NotComputable.ConstantReference);
        var edges = Doane(reference);
        long[] before = [.. reference.CountClosed(edges), 0], now = reference.Count == 0 ? [] : current.CountClosed(edges);
        now = [.. now, current.Count - now.Sum()];
        return new DriftScore(Metric.Of(JensenShannon(before, now) / Math.Sqrt(Math.Log(2))), [.. edges], [], [.. before], [.. now]);
    }

    private static double Psi(long[] before, long[] now) => Divergences.Psi(Divergences.FeelZeros(before), Divergences.FeelZeros(now));

    private static double JensenShannon(long[] before, long[] now) => Divergences.JensenShannon(Divergences.Shares(before), Divergences.Shares(now));

    private static DriftScore Evidently(NumericSample reference, NumericSample current, Func<long[], long[], double> distance)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        if (reference.Distinct(MostSeparate + 1) <= MostSeparate)
            return Separate(reference, current, distance);
        var edges = Sturges(reference, current);
        var (before, now) = (reference.CountClosed(edges), current.CountClosed(edges));
        return new DriftScore(Metric.Of(distance(before, now)), [.. edges], [], [.. before], [.. now]);
    }

    private static DriftScore Evidently(CategorySample reference, CategorySample current, Func<long[], long[], double> distance)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        var (values, before, now) = CategorySample.Align(reference, current);
        return new DriftScore(Metric.Of(distance(before, now)), [], [.. values], [.. before], [.. now]);
    }

    /// <summary>A bin for each value.</summary>
    private static DriftScore Separate(NumericSample reference, NumericSample current, Func<long[], long[], double> distance)
    {
        if (current.Distinct(CategorySample.MostValues + 1) > CategorySample.MostValues)
            return DriftScore.Refused(NotComputable.TooManyValues);
        var values = new SortedSet<double>();
        foreach (var value in reference.Sorted) values.Add(value);
        foreach (var value in current.Sorted) values.Add(value);
        double[] starts = [.. values.Skip(1)];
        var (before, now) = (reference.CountOpen(starts), current.CountOpen(starts));
        return new DriftScore(Metric.Of(distance(before, now)), [.. starts], [], [.. before], [.. now]);
    }

    /// <summary>numpy's "sturges" over both samples: ⌈log2 n + 1⌉ bins of equal width.</summary>
    private static double[] Sturges(NumericSample reference, NumericSample current)
    {
        var least = Math.Min(reference.Sorted[0], current.Sorted[0]);
        var most = Math.Max(reference.Sorted[^1], current.Sorted[^1]);
        var width = (most - least) / (Math.Log2(reference.Count + current.Count) + 1);
        return EqualWidth(least, most, (int)Math.Ceiling((most - least) / width));
    }

    /// <summary>numpy's "doane": Sturges' rule corrected for skewness.</summary>
    private static double[] Doane(NumericSample reference)
    {
        double n = reference.Count, least = reference.Sorted[0], most = reference.Sorted[^1];
        if (n <= 2)
            return [least, most];
        double mean = reference.Mean(), deviation = reference.StandardDeviation(), cubes = 0;
        foreach (var value in reference.Sorted)
            cubes += Math.Pow((value - mean) / deviation, 3);
        var error = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        var width = (most - least) / (1 + Math.Log2(n) + Math.Log2(1 + (Math.Abs(cubes / n) / error)));
        return EqualWidth(least, most, (int)Math.Ceiling((most - least) / width));
    }

    private static double[] EqualWidth(double least, double most, int bins)
    {
        var step = (most - least) / bins;
        var edges = new double[bins + 1];
        for (var edge = 0; edge < bins; edge++)
            edges[edge] = least + (edge * step);
        edges[bins] = most;
        return edges;
    }
}
