using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Baselines;

/// <summary>The model that says the same of every row: what training said on average.</summary>
public static class ConstantBaseline
{
    /// <summary>Share of positives in training, 0..1.</summary>
    public static Metric PositiveShare(ReadOnlySpan<bool> trainingTruth) =>
        trainingTruth.IsEmpty ? Metric.Refused(NotComputable.NoRows) : Metric.Of(trainingTruth.Count(true) / (double)trainingTruth.Length);

    /// <summary>Mean outcome in training, in its unit.</summary>
    public static Metric Mean(ReadOnlySpan<double> trainingTruth)
    {
        if (trainingTruth.IsEmpty) return Metric.Refused(NotComputable.NoRows);
        if (!Columns.AllFinite(trainingTruth)) return Metric.Refused(NotComputable.NotFinite);
        double sum = 0;
        foreach (var value in trainingTruth) sum += value;
        return Metric.Of(sum / trainingTruth.Length);
    }
}
