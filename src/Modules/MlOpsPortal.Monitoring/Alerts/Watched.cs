using System.Collections.Frozen;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>One monitored window as rules and causes see it, whatever computed its scores.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Rows">Predictions in the window.</param>
/// <param name="Reference">Names what the window was compared with; windows of different references are not compared with each other.</param>
public sealed record WatchedWindow(DateTimeOffset From, DateTimeOffset To, long Rows, string Reference)
{
    public FrozenDictionary<string, WatchedColumn> Columns { get; init; } = FrozenDictionary<string, WatchedColumn>.Empty;

    /// <summary>Of the model's output.</summary>
    public WatchedShape? Predictions { get; init; }

    /// <summary>Null while no outcome is known.</summary>
    public WatchedOutcome? Outcome { get; init; }

    /// <summary>The headline metric; null while it cannot be computed.</summary>
    public WatchedMetric? Metric { get; init; }

    public WatchedService? Service { get; init; }
}

/// <summary>A feature in a window.</summary>
/// <param name="MissingShare">0..1 of the window's rows.</param>
/// <param name="ReferenceMissingShare">0..1.</param>
/// <param name="NewShare">0..1 of the window's rows: values that the reference does not have; null for numbers.</param>
/// <param name="ViolationShare">0..1 of the window's rows: against the contract.</param>
public sealed record WatchedColumn(WatchedShape? Shape, double? MissingShare, double? ReferenceMissingShare, double? NewShare, double? ViolationShare);

/// <summary>A distribution over the reference's bins.</summary>
/// <param name="Psi">Against the reference.</param>
/// <param name="Edges">Inner edges of a number's bins; null for categories.</param>
/// <param name="Values">The categories; null for a number.</param>
/// <param name="Counts">Per bin or category.</param>
/// <param name="ReferenceRows">How many rows the reference has.</param>
public sealed record WatchedShape(double Psi, IReadOnlyList<double>? Edges, IReadOnlyList<string>? Values, IReadOnlyList<long> Counts, long ReferenceRows)
{
    public long Rows => Counts.Sum();

    /// <summary>Counts of both over common bins; null when their bins are not the same.</summary>
    internal static (IReadOnlyList<long> Before, IReadOnlyList<long> After)? Aligned(WatchedShape before, WatchedShape after)
    {
        if (before is { Edges: { } earlier } && after is { Edges: { } later })
            return earlier.SequenceEqual(later) && before.Counts.Count == after.Counts.Count ? (before.Counts, after.Counts) : null;
        if (before.Values is not { } names || after.Values is not { } others)
            return null;
        var all = names.Union(others, StringComparer.Ordinal).ToList();
        return (all.ConvertAll(before.CountOf), all.ConvertAll(after.CountOf));
    }

    private long CountOf(string value)
    {
        for (var index = 0; index < Values!.Count && index < Counts.Count; index++) // asked for categories only
            if (Values[index] == value)
                return Counts[index];
        return 0;
    }
}

/// <summary>What was predicted against what happened, over predictions whose outcome is known.</summary>
/// <param name="Coverage">0..1: share of the window's predictions with an outcome.</param>
/// <param name="StandardError">Of <paramref name="MeanOutcome"/>.</param>
public sealed record WatchedOutcome(long Matched, double Coverage, double MeanPrediction, double MeanOutcome, double StandardError);

/// <summary>The headline metric of a window.</summary>
/// <param name="NoSkill">What a model without skill gets: 0.5 for AUC, 0 for R²; null for errors.</param>
/// <param name="StandardError">Null when it is not known.</param>
public sealed record WatchedMetric(string Name, double Value, double Reference, bool HigherIsBetter, double? NoSkill, double? StandardError, double Coverage)
{
    /// <summary>The share of the reference's skill that is lost (or by which its error grew); negative when it got better.</summary>
    public double Loss => HigherIsBetter ? (Reference - Value) / Scale : (Value - Reference) / Scale;

    /// <summary>Standard error of <see cref="Loss"/>.</summary>
    public double LossError => (StandardError ?? 0) / Scale;

    private double Scale => Math.Max(1e-9, HigherIsBetter ? Reference - (NoSkill ?? 0) : Reference);
}

/// <summary>How the endpoint answered in a window.</summary>
/// <param name="ErrorShare">0..1 of the requests.</param>
/// <param name="FallbackShare">0..1 of the answers.</param>
public sealed record WatchedService(long Requests, double? ErrorShare, double? FallbackShare, double? LatencyP99Ms, double? LatencyBudgetMs);

/// <summary>A KPI over time, oldest first.</summary>
/// <param name="IsMeasured">Computed from data; false when people typed the values.</param>
public sealed record WatchedKpi(string Id, string Name, bool HigherIsBetter, double Target, double Amber, double Red, bool IsMeasured, IReadOnlyList<KpiPoint> Points)
{
    /// <summary>0 at the target, 1 at red; more is worse.</summary>
    public double Degree(double value) => (Target - value) / (Target - Red);

    /// <summary>How much worse than before, as a share of what was before.</summary>
    public double Slip(double value, double before) => before == 0 ? 0 : (HigherIsBetter ? before - value : value - before) / Math.Abs(before);
}

public sealed record KpiPoint(DateTimeOffset From, DateTimeOffset To, double Value);

/// <summary>Everything that is watched about a deployment: windows and KPIs, oldest first.</summary>
public sealed record Watched(IReadOnlyList<WatchedWindow> Windows, IReadOnlyList<WatchedKpi> Kpis);
