using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Drift;

/// <summary>Population stability index as credit risk uses it. Numbers: the reference's deciles, edges by linear interpolation, equal edges merged, open ends,
/// bins [a, b). Categories: the union of values. Missing values are dropped; a share of zero counts as 1e-4, on either side.</summary>
public static class PopulationStability
{
    private const double ZeroShare = 1e-4;

    /// <summary>A reference that leaves one bin (more than nine tenths of it are one value) differs from nothing: 0 over one bin. A constant one is not computable.</summary>
    public static DriftScore Of(NumericSample reference, NumericSample current)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        if (reference.IsConstant)
            return DriftScore.Refused(NotComputable.ConstantReference);
        var inner = InnerDeciles(reference);
        var (before, now) = (reference.CountOpen(inner), current.CountOpen(inner));
        return new DriftScore(Metric.Of(Of(before, now)), [.. inner], [], [.. before], [.. now]);
    }

    public static DriftScore Of(CategorySample reference, CategorySample current)
    {
        if (DriftScore.Fault(reference, current) is { } fault)
            return DriftScore.Refused(fault);
        var (values, before, now) = CategorySample.Align(reference, current);
        return new DriftScore(Metric.Of(Of(before, now)), [], [.. values], [.. before], [.. now]);
    }

    /// <summary>Inner edges: the distinct deciles without the smallest and the largest value.</summary>
    public static double[] InnerDeciles(NumericSample reference)
    {
        var edges = new List<double>();
        for (var tenth = 0; tenth <= 10; tenth++)
        {
            // Shares as numpy.linspace(0, 1, 11) gives them: where an edge meets a value, the last bit of 0.6 decides the value's bin.
            var edge = Columns.Quantile(reference.Sorted, tenth == 10 ? 1 : tenth * 0.1);
            if (edges.Count == 0 || edge > edges[^1])
                edges.Add(edge);
        }

        return edges.Count <= 2 ? [] : [.. edges[1..^1]];
    }

    private static double Of(long[] reference, long[] current) => Divergences.Psi(Divergences.Shares(reference, ZeroShare), Divergences.Shares(current, ZeroShare));
}
