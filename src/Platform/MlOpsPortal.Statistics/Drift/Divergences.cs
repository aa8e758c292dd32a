namespace MlOpsPortal.Statistics.Drift;

/// <summary>Distances between two lists of counts over the same bins. Counts of zero in all are the callers' to refuse.</summary>
internal static class Divergences
{
    /// <summary>Σ (r − c)·ln(r/c) over shares.</summary>
    public static double Psi(double[] reference, double[] current)
    {
        double sum = 0;
        for (var bin = 0; bin < reference.Length; bin++)
            sum += (reference[bin] - current[bin]) * Math.Log(reference[bin] / current[bin]);
        return sum;
    }

    /// <summary>Square root of the Jensen-Shannon divergence in nats: at most √ln 2.</summary>
    public static double JensenShannon(double[] reference, double[] current)
    {
        double sum = 0;
        for (var bin = 0; bin < reference.Length; bin++)
        {
            var middle = (reference[bin] + current[bin]) / 2;
            sum += Part(reference[bin], middle) + Part(current[bin], middle);
        }

        return Math.Sqrt(Math.Max(sum / 2, 0));

        static double Part(double share, double middle) => share > 0 ? share * Math.Log(share / middle) : 0;
    }

    public static double LInfinity(double[] reference, double[] current)
    {
        double most = 0;
        for (var bin = 0; bin < reference.Length; bin++)
            most = Math.Max(most, Math.Abs(reference[bin] - current[bin]));
        return most;
    }

    public static double[] Shares(long[] counts, double zeroAs = 0)
    {
        var total = counts.Sum();
        return Array.ConvertAll(counts, count => count == 0 ? zeroAs : (double)count / total);
    }

    /// <summary>Shares where a zero becomes 1e-4, or a millionth of the smallest other share when that is no larger than 1e-4.</summary>
    public static double[] FeelZeros(long[] counts)
    {
        var shares = Shares(counts);
        var least = shares.Where(share => share > 0).Min();
        var filled = least <= 0.0001 ? least / 1_000_000 : 0.0001;
        return Array.ConvertAll(shares, share => share == 0 ? filled : share);
    }
}
