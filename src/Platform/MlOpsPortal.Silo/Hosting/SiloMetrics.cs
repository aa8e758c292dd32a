using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MlOpsPortal.Silo;

/// <summary>
/// Meter "MlOpsPortal.Silo": activations and waiting calls by grain type, and the time of calls (s, from sending to reply, waiting included)
/// by grain type, method and outcome. Costs nothing while nobody listens.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    public const string MeterName = "MlOpsPortal.Silo";

    private readonly Meter _meter;
    private readonly Histogram<double> _callDuration;

    public SiloMetrics(IMeterFactory meters, Func<IEnumerable<Activation>> activations)
    {
        _meter = meters.Create(MeterName);
        _callDuration = _meter.CreateHistogram<double>("mlops.silo.call.duration", "s", "Time from sending a grain call to its reply.");
        _meter.CreateObservableGauge(
            "mlops.silo.activations", () => ByType(activations(), _ => 1), "{activation}", "Grains in memory.");
        _meter.CreateObservableGauge(
            "mlops.silo.mailbox.length", () => ByType(activations(), activation => activation.Waiting), "{call}", "Calls that wait for their grain.");
    }

    /// <summary>The time now, or 0 when nobody listens.</summary>
    public long Timestamp() => _callDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void CallEnded(long sent, GrainType type, string method, Task outcome)
    {
        if (sent == 0)
            return;
        _callDuration.Record(
            Stopwatch.GetElapsedTime(sent).TotalSeconds,
            new KeyValuePair<string, object?>("grain", type.Value),
            new KeyValuePair<string, object?>("method", method),
            new KeyValuePair<string, object?>("outcome", outcome.IsCompletedSuccessfully ? "ok" : outcome.IsCanceled ? "cancelled" : "failed"));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ByType(IEnumerable<Activation> activations, Func<Activation, long> count) =>
        activations
            .GroupBy(activation => activation.GrainId.Type, count)
            .Select(group => new Measurement<long>(group.Sum(), new KeyValuePair<string, object?>("grain", group.Key.Value)));
}
