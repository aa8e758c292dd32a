using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Intervals;

/// <summary>Something whose metrics can be computed for a resample, given how often each row was drawn.</summary>
internal interface IResampled
{
    int MetricCount { get; }

    /// <summary>Fills one value per metric; NaN where this resample gives none.</summary>
    /// <param name="weights">Times each row was drawn, by row number.</param>
    /// <param name="values">One place per metric.</param>
    void Compute(ReadOnlySpan<int> weights, Span<double> values);
}

/// <summary>
/// Draws rows as counts instead of copying them: each sample is sorted once, and a resample is one weighted pass over it.
/// </summary>
internal static class Bootstrap
{
    /// <summary>The share of resamples that must give a value before percentiles of them mean anything.</summary>
    private const double UsableShare = 0.95;

    /// <summary>values[sample][metric][resample]; every sample sees the same draws.</summary>
    /// <param name="strata">Row numbers of each stratum.</param>
    /// <param name="samples">Models over the same rows.</param>
    /// <param name="plan">Seed and number of draws.</param>
    public static double[][][] Draw(int[][] strata, IReadOnlyList<IResampled> samples, BootstrapPlan plan)
    {
        var random = new Xoshiro256(plan.Seed);
        var weights = new int[strata.Sum(stratum => stratum.Length)];
        var result = samples.Select(sample => Enumerable.Range(0, sample.MetricCount).Select(_ => new double[plan.Resamples]).ToArray()).ToArray();
        var values = new double[samples.Count == 0 ? 0 : samples.Max(sample => sample.MetricCount)];
        for (var draw = 0; draw < plan.Resamples; draw++)
        {
            Array.Clear(weights);
            foreach (var stratum in strata)
            {
                for (var i = 0; i < stratum.Length; i++)
                    weights[stratum[random.Index(stratum.Length)]]++;
            }

            for (var s = 0; s < samples.Count; s++)
            {
                samples[s].Compute(weights, values);
                for (var metric = 0; metric < samples[s].MetricCount; metric++)
                    result[s][metric][draw] = values[metric];
            }
        }

        return result;
    }

    /// <summary>Null when too few resamples gave a value.</summary>
    public static ConfidenceInterval? Percentiles(ReadOnlySpan<double> values, BootstrapPlan plan)
    {
        var usable = new double[values.Length];
        var count = 0;
        foreach (var value in values)
        {
            if (double.IsFinite(value)) usable[count++] = value;
        }

        if (count < UsableShare * values.Length) return null;
        var sorted = usable.AsSpan(0, count);
        sorted.Sort();
        var tail = (1 - plan.Level) / 2;
        return new ConfidenceInterval(
            Columns.Quantile(sorted, tail), Columns.Quantile(sorted, 1 - tail), plan.Level, IntervalMethod.PercentileBootstrap, plan);
    }
}
