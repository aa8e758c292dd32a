namespace MlOpsPortal.Statistics.Drift;

/// <summary>Earth mover's distance between two samples of a number: the area between their empirical distributions.</summary>
public static class Wasserstein
{
    /// <summary>In the number's own unit.</summary>
    public static Metric Distance(NumericSample reference, NumericSample current) =>
        DriftScore.Fault(reference, current) is { } fault ? Metric.Refused(fault) : Metric.Of(Area(reference.Sorted, current.Sorted));

    /// <summary>Over the reference's standard deviation (of the population), at least 0.001: as Evidently norms it.</summary>
    public static Metric Normed(NumericSample reference, NumericSample current) =>
        DriftScore.Fault(reference, current) is { } fault
            ? Metric.Refused(fault)
            : Metric.Of(Area(reference.Sorted, current.Sorted) / Math.Max(reference.StandardDeviation(), 0.001));

    private static double Area(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double area = 0, before = Math.Min(a[0], b[0]);
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            var next = i >= a.Length ? b[j] : j >= b.Length ? a[i] : Math.Min(a[i], b[j]);
            area += Math.Abs(((double)i / a.Length) - ((double)j / b.Length)) * (next - before);
            before = next;
            while (i < a.Length && a[i] <= next) i++;
            while (j < b.Length && b[j] <= next) j++;
        }

        return area;
    }
}
