using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Fidelity;

[JsonConverter(typeof(JsonStringEnumConverter<FidelityVerdict>))]
public enum FidelityVerdict
{
    [JsonStringEnumMemberName("pass")] Pass,
    [JsonStringEnumMemberName("warning")] Warning,
    [JsonStringEnumMemberName("notReleasable")] NotReleasable,
}

/// <summary>When an exported file counts as unlike the model it came from.</summary>
/// <param name="Tolerance">A row differs when its two predictions lie further apart than this, in their unit.</param>
/// <param name="RefuseAboveShare">More rows than this share (0..1) differ: not releasable.</param>
/// <param name="WarnAboveShare">More rows than this share (0..1) differ: a warning.</param>
public sealed record FidelityRule(double Tolerance = 0.001, double RefuseAboveShare = 0.10, double WarnAboveShare = 0)
{
    /// <summary>A thousandth of the spread of what is predicted.</summary>
    /// <param name="targetStandardDeviation">Of the target, in its unit; above zero.</param>
    public static FidelityRule ForRegression(double targetStandardDeviation) => new(targetStandardDeviation / 1000);
}

/// <summary>How well an exported file answers as the library that trained it.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="Rule">What was judged by.</param>
/// <param name="LargestDifference">Over rows where both are finite; null without such a row.</param>
/// <param name="MeanDifference">As above.</param>
/// <param name="RowsOver">Rows that differ by more than the tolerance; a row where just one prediction is finite counts.</param>
/// <param name="ShareOver">Of all rows, 0..1.</param>
/// <param name="RowsNotFinite">Rows where the two disagree on being a finite number.</param>
/// <param name="Worst">At most ten rows that differ at all, worst first.</param>
/// <param name="Histogram">Differences by power of ten.</param>
/// <param name="Verdict">A receipt over no rows is not releasable: what cannot be judged is refused.</param>
/// <param name="Reason">Why nothing could be compared.</param>
public sealed record FidelityReceipt(
    int Rows,
    FidelityRule Rule,
    double? LargestDifference,
    double? MeanDifference,
    int RowsOver,
    double ShareOver,
    int RowsNotFinite,
    ImmutableArray<FidelityRow> Worst,
    ImmutableArray<FidelityBin> Histogram,
    FidelityVerdict Verdict,
    NotComputable? Reason);

/// <summary>A row number (from 0) with both predictions; null stands for not finite.</summary>
public sealed record FidelityRow(int Row, double? Exported, double? Native, double? Difference);

/// <summary>Rows whose difference lies in [10^From, 10^(From+1)). A null power: no difference at all.</summary>
public sealed record FidelityBin(int? FromPowerOfTen, int Rows);

public static class FidelityCheck
{
    private const int WorstRows = 10;

    /// <summary>Differences below this power of ten are counted with it.</summary>
    private const int SmallestPower = -16;

    /// <param name="exported">Predictions of the exported file, by row.</param>
    /// <param name="native">Predictions of the training library for the same rows.</param>
    /// <param name="rule">Tolerance and limits.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static FidelityReceipt Compare(ReadOnlySpan<double> exported, ReadOnlySpan<double> native, FidelityRule rule)
    {
        Columns.RequireSameLength(exported.Length, native.Length, nameof(native));
        if (!(rule.Tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(rule), rule.Tolerance, "A tolerance is zero or more.");
        if (exported.IsEmpty)
            return new FidelityReceipt(0, rule, null, null, 0, 0, 0, [], [], FidelityVerdict.NotReleasable, NotComputable.NoRows);

        var differences = new double[exported.Length];
        int over = 0, notFinite = 0, finite = 0;
        double largest = 0, sum = 0;
        for (var i = 0; i < differences.Length; i++)
        {
            var (a, b) = (exported[i], native[i]);
            // Two NaN, or two equal infinities, agree.
            var difference = differences[i] = a.Equals(b) ? 0 : Math.Abs(a - b);
            if (difference > rule.Tolerance || double.IsNaN(difference)) over++;
            if (!double.IsFinite(difference)) notFinite++;
            else if (double.IsFinite(a))
            {
                finite++;
                largest = Math.Max(largest, difference);
                sum += difference;
            }
        }

        var share = over / (double)differences.Length;
        var verdict = share > rule.RefuseAboveShare ? FidelityVerdict.NotReleasable
            : share > rule.WarnAboveShare ? FidelityVerdict.Warning
            : FidelityVerdict.Pass;
        return new FidelityReceipt(
            differences.Length,
            rule,
            finite == 0 ? null : largest,
            finite == 0 ? null : sum / finite,
            over,
            share,
            notFinite,
            Worst(exported, native, differences),
            Histogram(differences),
            verdict,
            null);
    }

    private static ImmutableArray<FidelityRow> Worst(ReadOnlySpan<double> exported, ReadOnlySpan<double> native, double[] differences)
    {
        var rows = Enumerable.Range(0, differences.Length)
            .Where(row => differences[row] != 0)
            .OrderByDescending(row => double.IsNaN(differences[row]) ? double.PositiveInfinity : differences[row])
            .ThenBy(row => row)
            .Take(WorstRows);
        var worst = ImmutableArray.CreateBuilder<FidelityRow>(WorstRows);
        foreach (var row in rows) worst.Add(new FidelityRow(row, Finite(exported[row]), Finite(native[row]), Finite(differences[row])));
        return worst.ToImmutable();
    }

    private static ImmutableArray<FidelityBin> Histogram(double[] differences) =>
    [
        .. differences.Where(double.IsFinite)
            .GroupBy(difference => difference == 0 ? (int?)null : Math.Max(SmallestPower, (int)Math.Floor(Math.Log10(difference))))
            .OrderBy(group => group.Key ?? int.MinValue)
            .Select(group => new FidelityBin(group.Key, group.Count())),
    ];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
