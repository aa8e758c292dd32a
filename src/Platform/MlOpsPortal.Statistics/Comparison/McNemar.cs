using MathNet.Numerics;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Comparison;

/// <summary>Do two classifiers err on different rows (McNemar 1947)?</summary>
/// <param name="FirstRightSecondWrong">Rows.</param>
/// <param name="FirstWrongSecondRight">Rows.</param>
/// <param name="ExactP">2·P(X ≤ min) of the binomial with a half, at most 1; 1 when they never disagree.</param>
/// <param name="CorrectedStatistic">(|b−c|−1)²/(b+c); null when they never disagree, as the three below.</param>
/// <param name="CorrectedP">Chi-square tail, one degree of freedom.</param>
/// <param name="UncorrectedStatistic">(b−c)²/(b+c).</param>
/// <param name="UncorrectedP">Chi-square tail, one degree of freedom.</param>
/// <param name="Reason">Why a statistic is missing.</param>
public sealed record McNemarTest(
    int FirstRightSecondWrong,
    int FirstWrongSecondRight,
    double ExactP,
    double? CorrectedStatistic,
    double? CorrectedP,
    double? UncorrectedStatistic,
    double? UncorrectedP,
    NotComputable? Reason);

public static class McNemar
{
    /// <param name="truth">Outcome by row.</param>
    /// <param name="first">The first model's decision by row.</param>
    /// <param name="second">The second model's decision by row.</param>
    public static McNemarTest Compare(ReadOnlySpan<bool> truth, ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        Columns.RequireSameLength(truth.Length, first.Length, nameof(first));
        Columns.RequireSameLength(truth.Length, second.Length, nameof(second));
        int b = 0, c = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            if (first[i] == second[i]) continue;
            if (first[i] == truth[i]) b++;
            else c++;
        }

        return OfCounts(b, c);
    }

    /// <param name="firstRightSecondWrong">Rows, 0 or more.</param>
    /// <param name="firstWrongSecondRight">Rows, 0 or more.</param>
    public static McNemarTest OfCounts(int firstRightSecondWrong, int firstWrongSecondRight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRightSecondWrong);
        ArgumentOutOfRangeException.ThrowIfNegative(firstWrongSecondRight);
        var (b, c) = (firstRightSecondWrong, firstWrongSecondRight);
        double total = (double)b + c, gap = Math.Abs((double)b - c);
        if (total == 0) return new McNemarTest(b, c, 1, null, null, null, null, NotComputable.NoDisagreement);
        var corrected = (gap - 1) * (gap - 1) / total;
        var uncorrected = gap * gap / total;
        return new McNemarTest(b, c, ExactP(Math.Min(b, c), total), corrected, ChiSquareTail(corrected), uncorrected, ChiSquareTail(uncorrected), null);
    }

    private static double ChiSquareTail(double statistic) => Math.Exp(NormalTail.LogTwoSided(Math.Sqrt(statistic)));

    /// <summary>The largest term in log space, the smaller ones relative to it, so that tails of 1e-300 keep their digits.</summary>
    private static double ExactP(int fewer, double total)
    {
        double sum = 0, term = 1;
        for (var k = fewer; k >= 0 && term > sum * 1e-17; k--)
        {
            sum += term;
            term *= k / (total - k + 1);
        }

        var logLargest = SpecialFunctions.GammaLn(total + 1) - SpecialFunctions.GammaLn(fewer + 1) - SpecialFunctions.GammaLn(total - fewer + 1) - (total * Constants.Ln2);
        return Math.Min(1, Math.Exp(Constants.Ln2 + logLargest + Math.Log(sum)));
    }
}
