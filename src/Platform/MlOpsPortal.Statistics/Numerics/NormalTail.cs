using MathNet.Numerics;

namespace MlOpsPortal.Statistics.Numerics;

/// <summary>Tail of the standard normal distribution, with full relative accuracy far out.</summary>
internal static class NormalTail
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln P(|Z| ≥ |z|). Finite for every finite z, where the probability itself underflows beyond |z| of about 38.</summary>
    public static double LogTwoSided(double z)
    {
        z = Math.Abs(z);
        return z < 5
            ? Math.Log(SpecialFunctions.Erfc(z / Constants.Sqrt2))
            : Constants.Ln2 - (z * z / 2) - HalfLogTwoPi + Math.Log(MillsRatio(z));
    }

    /// <summary>The z that the central share <paramref name="level"/> (0..1, exclusive) lies within: 1.959964 for 0.95.</summary>
    public static double TwoSidedQuantile(double level) => Constants.Sqrt2 * SpecialFunctions.ErfInv(level);

    /// <summary>(1 − Φ(z)) / φ(z) by Laplace's continued fraction z + 1/(z + 2/(z + 3/…)); for z ≥ 5, 60 terms leave nothing at double precision.</summary>
    private static double MillsRatio(double z)
    {
        var tail = z;
        for (var term = 60; term >= 1; term--)
            tail = z + (term / tail);
        return 1 / tail;
    }
}
