using MathNet.Numerics;

namespace MlOpsPortal.Statistics.Drift;

/// <summary>A chi-square statistic with its p.</summary>
/// <param name="Statistic">Infinite differences (a value that the reference does not have) are left to the tests that allow them.</param>
public sealed record ChiSquareTest(Metric Statistic, Metric PValue, int DegreesOfFreedom);

/// <summary>Pearson's chi-square on values of a category.</summary>
public static class ChiSquare
{
    /// <summary>Two samples as a contingency table; with two values Yates' correction, as scipy's chi2_contingency.</summary>
    public static ChiSquareTest Contingency(CategorySample reference, CategorySample current)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return Refused(fault);
        var (values, before, now) = CategorySample.Align(reference, current);
        if (values.Length < 2)
            return Refused(NotComputable.ConstantReference);
        double total = reference.Count + current.Count, sum = 0;
        foreach (var (row, count) in new[] { (before, reference.Count), (now, current.Count) })
            for (var value = 0; value < values.Length; value++)
            {
                var expected = (double)(before[value] + now[value]) * count / total;
                var off = Math.Abs(row[value] - expected);
                if (values.Length == 2)
                    off -= Math.Min(0.5, off);
                sum += off * off / expected;
            }

        return new ChiSquareTest(Metric.Of(sum), Metric.Of(Tail(sum, values.Length - 1)), values.Length - 1);
    }

    /// <summary>The current counts against the reference's shares (as Evidently does). A value that the reference does not have cannot be: p is 0.</summary>
    public static ChiSquareTest GoodnessOfFit(CategorySample reference, CategorySample current)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return Refused(fault);
        var (values, before, now) = CategorySample.Align(reference, current);
        if (values.Length < 2)
            return Refused(NotComputable.ConstantReference);
        double sum = 0;
        for (var value = 0; value < values.Length; value++)
        {
            if (before[value] == 0)
                return new ChiSquareTest(Metric.Refused(NotComputable.Overflow), Metric.Of(0), values.Length - 1);
            var expected = (double)before[value] * current.Count / reference.Count;
            sum += (now[value] - expected) * (now[value] - expected) / expected;
        }

        return new ChiSquareTest(Metric.Of(sum), Metric.Of(Tail(sum, values.Length - 1)), values.Length - 1);
    }

    private static double Tail(double statistic, int degrees) => statistic <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(degrees / 2.0, statistic / 2);

    private static ChiSquareTest Refused(NotComputable reason) => new(Metric.Refused(reason), Metric.Refused(reason), 0);
}
