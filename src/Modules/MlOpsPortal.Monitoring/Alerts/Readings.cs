namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>A signal's value under one comparison.</summary>
/// <param name="Chance">What chance alone brings at this many rows (one standard error, or the expected score without any change).</param>
/// <param name="LowIsBad">The threshold is a floor.</param>
internal readonly record struct Reading(double Value, double Chance, bool LowIsBad = false)
{
    public bool Reaches(double threshold) => LowIsBad ? Value <= threshold : Value >= threshold && Value >= AlertRule.BeyondChance * Chance;
}

/// <summary>Reads signals out of windows. Null when something that is needed is not there: no alert rests on what could not be computed.</summary>
internal static class Readings
{
    /// <summary>Psi counts an empty bin as this share.</summary>
    private const double EmptyShare = 1e-4;

    public static Reading? Of(AlertRule rule, string? column, AlertCondition condition, IReadOnlyList<WatchedWindow> windows, int index)
    {
        var now = windows[index];
        if (condition.Against != AlertComparison.WindowBefore)
            return Of(rule.Signal, column, condition.Against, now);
        var back = index - condition.WindowsBack;
        return back >= 0 && windows[back].Reference == now.Reference && windows[back].Rows >= rule.MinimumRows ? Change(rule.Signal, column, now, windows[back]) : null;
    }

    /// <summary>May the rule look at this window at all?</summary>
    public static bool Counts(AlertRule rule, WatchedWindow window) => window.Rows >= rule.MinimumRows && rule.Signal switch
    {
        AlertSignal.OutcomeGap => window.Outcome is { } outcome && outcome.Coverage >= rule.MinimumCoverage && outcome.Matched >= rule.MinimumRows,
        AlertSignal.Metric => window.Metric is { } metric && metric.Coverage >= rule.MinimumCoverage,
        _ => true,
    };

    private static Reading? Of(AlertSignal signal, string? column, AlertComparison against, WatchedWindow now)
    {
        var feature = column is null ? null : now.Columns.GetValueOrDefault(column);
        return signal switch
        {
            AlertSignal.ColumnDrift => feature?.Shape is { } shape ? new(shape.Psi, ChanceOf(shape)) : null,
            AlertSignal.PredictionDrift => now.Predictions is { } shape ? new(shape.Psi, ChanceOf(shape)) : null,
            AlertSignal.MissingShare => feature?.MissingShare is { } missing
                ? against == AlertComparison.Fixed ? Share(missing, now.Rows) : feature.ReferenceMissingShare is { } before ? new(missing - before, ShareError(before, now.Rows)) : null
                : null,
            AlertSignal.NewValues => feature?.NewShare is { } share ? Share(share, now.Rows) : null,
            AlertSignal.ContractViolations => feature?.ViolationShare is { } share ? Share(share, now.Rows) : null,
            AlertSignal.OutcomeGap => now.Outcome is { MeanPrediction: not 0 } outcome ? Gap(outcome) : null,
            AlertSignal.Metric => now.Metric is { } metric
                ? against == AlertComparison.Reference ? new(metric.Loss, metric.LossError) : new(metric.Value, 0, metric.HigherIsBetter)
                : null,
            AlertSignal.ErrorShare => now.Service is { ErrorShare: { } share } service ? Share(share, service.Requests) : null,
            AlertSignal.FallbackShare => now.Service is { FallbackShare: { } share } service ? Share(share, service.Requests) : null,
            AlertSignal.Latency => now.Service?.LatencyP99Ms is { } slow
                ? against == AlertComparison.Fixed ? new(slow, 0) : now.Service.LatencyBudgetMs is { } budget and > 0 ? new(slow / budget, 0) : null
                : null,
            AlertSignal.Kpi => null,
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "No such signal."),
        };
    }

    private static Reading? Change(AlertSignal signal, string? column, WatchedWindow now, WatchedWindow before)
    {
        if (signal is AlertSignal.ColumnDrift or AlertSignal.PredictionDrift)
        {
            var (after, earlier) = signal == AlertSignal.PredictionDrift
                ? (now.Predictions, before.Predictions)
                : (now.Columns.GetValueOrDefault(column ?? "")?.Shape, before.Columns.GetValueOrDefault(column ?? "")?.Shape);
            return after is null || earlier is null ? null : Between(earlier, after);
        }

        if (signal == AlertSignal.Metric)
            return now.Metric is { } metric && before.Metric is { } earlierMetric
                ? new(metric.Loss - earlierMetric.Loss, Math.Sqrt((metric.LossError * metric.LossError) + (earlierMetric.LossError * earlierMetric.LossError)))
                : null;
        if (signal == AlertSignal.Latency)
            return now.Service?.LatencyP99Ms is { } slow && before.Service?.LatencyP99Ms is { } usual and > 0 ? new((slow / usual) - 1, 0) : null;
        return Of(signal, column, AlertComparison.Fixed, now) is { } value && Of(signal, column, AlertComparison.Fixed, before) is { } former
            ? new(value.Value - former.Value, Math.Sqrt((value.Chance * value.Chance) + (former.Chance * former.Chance)))
            : null;
    }

    /// <summary>PSI of two windows over the same bins.</summary>
    public static Reading? Between(WatchedShape before, WatchedShape after)
    {
        var (n, m) = (before.Rows, after.Rows);
        if (n == 0 || m == 0 || WatchedShape.Aligned(before, after) is not { } counts)
            return null;
        var psi = 0.0;
        for (var bin = 0; bin < counts.Before.Count; bin++)
        {
            var earlier = counts.Before[bin] == 0 ? EmptyShare : (double)counts.Before[bin] / n;
            var later = counts.After[bin] == 0 ? EmptyShare : (double)counts.After[bin] / m;
            psi += (later - earlier) * Math.Log(later / earlier);
        }

        return new(psi, (counts.Before.Count - 1) * ((1.0 / n) + (1.0 / m)));
    }

    /// <summary>The expected PSI of two samples of one distribution: degrees of freedom times the sum of the reciprocal sizes.</summary>
    public static double ChanceOf(WatchedShape shape) =>
        shape.Rows == 0 ? 0 : Math.Max(0, shape.Counts.Count - 1) * ((1.0 / shape.Rows) + (shape.ReferenceRows > 0 ? 1.0 / shape.ReferenceRows : 0));

    private static Reading Gap(WatchedOutcome outcome) => new(
        Math.Abs(outcome.MeanOutcome - outcome.MeanPrediction) / Math.Abs(outcome.MeanPrediction), outcome.StandardError / Math.Abs(outcome.MeanPrediction));

    private static Reading Share(double share, long rows) => new(share, ShareError(share, rows));

    private static double ShareError(double share, long rows) => rows == 0 ? 0 : Math.Sqrt(share * (1 - share) / rows);
}
