namespace MlOpsPortal.Tracking.Metrics;

/// <summary>A point of a metric.</summary>
/// <param name="Value">NaN is a value; infinities come as the greatest doubles.</param>
/// <param name="Timestamp">Milliseconds since 1970.</param>
public readonly record struct Metric(string Key, double Value, long Timestamp, long Step);
