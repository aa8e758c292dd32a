using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.Logging;

/// <summary>A point that a client logs.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="ModelId">Also a point of this logged model; null for of none.</param>
public readonly record struct LoggedMetric(string Key, double Value, long Timestamp, long Step, string? ModelId = null, string? DatasetName = null, string? DatasetDigest = null);

/// <summary>What a client logs at once.</summary>
public sealed record LogBatch(IReadOnlyList<LoggedMetric> Metrics, IReadOnlyList<KeyValuePair<string, string>> Params, IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    public const int MaxMetrics = 1_000;
    public const int MaxParams = 100;
    public const int MaxTags = 100;
    public const int MaxTogether = 1_000;

    public static LogBatch OfMetric(LoggedMetric metric) => new([metric], [], []);

    public static LogBatch OfParam(string key, string value) => new([], [KeyValuePair.Create(key, value)], []);

    public static LogBatch OfTag(string key, string value) => new([], [], [KeyValuePair.Create(key, value)]);

    public bool IsEmpty => Metrics.Count == 0 && Params.Count == 0 && Tags.Count == 0;

    /// <returns>What is wrong first; null when nothing is.</returns>
    internal Validation? Check() => CheckCounts() ?? CheckMetrics() ?? CheckPairs("params", Params) ?? CheckPairs("tags", Tags) ?? CheckTwice();

    private Validation? CheckCounts()
    {
        if (Metrics.Count > MaxMetrics)
            return TrackingErrors.TooMany("metrics", MaxMetrics, Metrics.Count);
        if (Params.Count > MaxParams)
            return TrackingErrors.TooMany("params", MaxParams, Params.Count);
        if (Tags.Count > MaxTags)
            return TrackingErrors.TooMany("tags", MaxTags, Tags.Count);
        var together = Metrics.Count + Params.Count + Tags.Count;
        return together > MaxTogether ? TrackingErrors.TooMany("metrics, params, and tags", MaxTogether, together) : null;
    }

    private Validation? CheckMetrics()
    {
        var seen = "";
        for (var index = 0; index < Metrics.Count; index++)
        {
            var metric = Metrics[index];
            if (metric.Key != seen && TrackingText.CheckKey($"metrics[{index}].name", metric.Key) is { } wrong)
                return wrong;
            seen = metric.Key;
            if (metric.Timestamp < 0)
                return TrackingErrors.Timestamp($"metrics[{index}].timestamp", metric.Timestamp);
        }

        return null;
    }

    private static Validation? CheckPairs(string what, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        for (var index = 0; index < pairs.Count; index++)
            if (TrackingText.CheckKey($"{what}[{index}].key", pairs[index].Key) is { } wrong)
                return wrong;
        return null;
    }

    private Validation? CheckTwice()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var param in Params)
            if (!seen.Add(param.Key))
                return TrackingErrors.ParamTwice(param.Key);
        return null;
    }
}
