using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace MlOpsPortal.Statistics.Drift;

/// <summary>P(Dₙ ≥ d) of the one-sample Kolmogorov-Smirnov statistic, two-sided. Far out by Smirnov's one-sided sum, whose terms are all positive; near the middle by
/// Durbin's matrix (Marsaglia, Tsang, Wang 2003) or the expansion of Pelz and Good 1976; which one where after Simard and L'Ecuyer 2011.</summary>
internal static class KolmogorovDistribution
{
    private const double PiSquared = Math.PI * Math.PI;

    public static double Survival(long n, double d)
    {
        if (d >= 1) return 0;
        var t = n * d;
        if (t <= 0.5) return 1;
        if (t <= 1) return 1 - Math.Exp(LogFactorialOverPower(n) + (n * Math.Log((2 * t) - 1)));
        if (t >= n - 1) return 2 * Math.Pow(1 - d, n);
        var squared = t * d;
        if (d >= 0.5 || squared >= (n <= 140 ? 4 : 2.2)) return Math.Min(1, 2 * OneSided(n, d));
        return 1 - (n <= 140 || n * Math.Pow(d, 1.5) <= 1.4 ? Durbin(n, d) : PelzGood(n, d));
    }

    /// <summary>P(Dₙ⁺ ≥ d) = d·Σⱼ C(n, j)·(d + j/n)^(j−1)·(1 − d − j/n)^(n−j), over j ≤ n(1 − d).</summary>
    private static double OneSided(long n, double d)
    {
        double sum = 0;
        var last = (long)Math.Floor(n * (1 - d));
        for (long j = 0; j <= last; j++)
        {
            var share = (double)j / n;
            var rest = 1 - d - share;
            if (rest <= 0)
                continue;
            sum += Math.Exp(LogChoose(n, j) + ((j - 1) * Math.Log(d + share)) + ((n - j) * Math.Log(rest)));
        }

        return d * sum;
    }

    private static double LogChoose(long n, long j) => j == 0 || j == n ? 0 : SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(j + 1.0) - SpecialFunctions.GammaLn(n - j + 1.0);

    /// <summary>ln(n!/nⁿ)</summary>
    private static double LogFactorialOverPower(long n) => SpecialFunctions.GammaLn(n + 1.0) - (n * Math.Log(n));

    /// <summary>P(Dₙ &lt; d) exactly: an entry of the n-th power of a matrix of order 2⌊nd⌋ + 1, times n!/nⁿ.</summary>
    private static double Durbin(long n, double d)
    {
        var k = (int)Math.Floor(n * d) + 1;
        var order = (2 * k) - 1;
        var h = k - (n * d);
        var matrix = Matrix<double>.Build.Dense(order, order, (i, j) => i - j + 1 < 0 ? 0 : 1);
        for (var i = 0; i < order; i++)
        {
            matrix[i, 0] -= Math.Pow(h, i + 1);
            matrix[order - 1, i] -= Math.Pow(h, order - i);
        }

        matrix[order - 1, 0] += (2 * h) - 1 > 0 ? Math.Pow((2 * h) - 1, order) : 0;
        for (var i = 0; i < order; i++)
            for (var j = 0; j < order; j++)
                if (i - j + 1 > 0)
                    matrix[i, j] /= Math.Exp(SpecialFunctions.FactorialLn(i - j + 1));
        var (entry, logScale) = Power(matrix, n, k - 1);
        return entry <= 0 ? 0 : Math.Exp(Math.Log(entry) + logScale + LogFactorialOverPower(n));
    }

    /// <returns>The entry in the middle of the power, and the logarithm of what it has to be multiplied by.</returns>
    private static (double Entry, double LogScale) Power(Matrix<double> matrix, long power, int middle)
    {
        Matrix<double>? result = null;
        double resultLog = 0, baseLog = 0;
        for (var left = power; ; left >>= 1)
        {
            if ((left & 1) == 1)
            {
                result = result is null ? matrix.Clone() : result * matrix;
                (result, resultLog) = Scaled(result, resultLog + baseLog, middle);
            }

            if (left <= 1)
                return (result![middle, middle], resultLog); // the highest bit is one, so there is a result
            matrix *= matrix;
            (matrix, baseLog) = Scaled(matrix, 2 * baseLog, middle);
        }
    }

    private static (Matrix<double> Matrix, double Log) Scaled(Matrix<double> matrix, double log, int middle)
    {
        var entry = matrix[middle, middle];
        return entry > 1e140 ? (matrix / entry, log + Math.Log(entry)) : (matrix, log);
    }

    /// <summary>P(Dₙ ≤ d) to the order n^(−3/2), by Jacobi's theta functions in z = d√n.</summary>
    private static double PelzGood(long n, double d)
    {
        var z = d * Math.Sqrt(n);
        var z2 = z * z;
        double z3 = z2 * z, z4 = z2 * z2, z6 = z4 * z2, z7 = z6 * z, z8 = z4 * z4, z10 = z8 * z2;
        const double Pi4 = PiSquared * PiSquared, Pi6 = Pi4 * PiSquared;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, even2 = 0, even3 = 0;
        for (var k = (int)Math.Ceiling(16 * z / Math.PI); k >= 1; k--)
        {
            double odd = ((2 * k) - 1) * ((2 * k) - 1), odd4 = odd * odd, whole = (double)k * k;
            var fall = Math.Exp(-PiSquared * odd / (8 * z2));
            k0 += fall;
            k1 += fall * ((PiSquared / 4 * odd) - z2);
            k2 += fall * ((6 * z6) + (2 * z4) + (((2 * z4) - (5 * z2)) * PiSquared / 4 * odd) + (Pi4 * (1 - (2 * z2)) / 16 * odd4));
            k3 += fall * ((Pi6 * (5 - (30 * z2)) / 64 * odd4 * odd) + (Pi4 * ((212 * z4) - (60 * z2)) / 16 * odd4) + (PiSquared * ((135 * z4) - (96 * z6)) / 4 * odd) - (30 * z6) - (90 * z8));
            var evenFall = whole * Math.Exp(-PiSquared * whole / (2 * z2));
            even2 += evenFall;
            even3 += evenFall * ((3 * z2) - (PiSquared * whole));
        }

        var root = Math.Sqrt(2 * Math.PI);
        k0 *= root / z;
        k1 *= root / (6 * z4);
        k2 = (k2 * root / (72 * z7)) - (even2 * PiSquared * root / (36 * z3));
        k3 = (k3 * root / (6480 * z10)) + (even3 * PiSquared * root / (216 * z6));
        return k0 + (k1 / Math.Sqrt(n)) + (k2 / n) + (k3 / (n * Math.Sqrt(n)));
    }
}
