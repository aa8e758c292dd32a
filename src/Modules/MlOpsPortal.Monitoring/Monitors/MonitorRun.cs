using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>One window of a monitor, measured. Outcomes that come late have it measured again: then <see cref="Revision"/> counts on and the numbers are replaced.</summary>
public sealed record MonitorRun
{
    public required MonitorRunId Id { get; init; }
    public required MonitorId Monitor { get; init; }
    public required DeploymentId Deployment { get; init; }

    /// <summary>Predictions that happened at or after…</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>…and before.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>From 1.</summary>
    public required int Revision { get; init; }
    public required ReferenceFacts Reference { get; init; }

    /// <summary>Predictions in the window.</summary>
    public required long Rows { get; init; }

    /// <summary>Those whose outcome is known.</summary>
    public required long Labelled { get; init; }

    /// <summary>Of the model that gave most of the answers; null when no version did (fallback, a model elsewhere that names none).</summary>
    public required int? ModelVersion { get; init; }

    /// <summary>In a stable order: service, data, drift by column, predictions, performance.</summary>
    public required ImmutableArray<Score> Scores { get; init; }
    public required DateTimeOffset ComputedAt { get; init; }
    public JobId? Job { get; init; }

    /// <summary>0..1; null without predictions.</summary>
    public double? Coverage => Rows == 0 ? null : (double)Labelled / Rows;

    /// <summary>The score of a signal; the first method's where none is named.</summary>
    public Score? Find(MonitorSignal signal, string? column = null, string? method = null)
    {
        foreach (var score in Scores)
            if (score.Signal == signal && score.Column == column && (method is null || score.Method == method))
                return score;
        return null;
    }
}

/// <summary>What a window was compared with, as it turned out to be.</summary>
/// <param name="Dataset">The dataset version; null for a stretch of the log, and when there is none.</param>
/// <param name="Name">For people: the dataset's name and version, or the stretch.</param>
/// <param name="Rows">0 when there is no reference; then no comparison is computable, and the scores say why.</param>
public sealed record ReferenceFacts(ReferenceKind Kind, string Name, VersionRef? Dataset, DateTimeOffset? From, DateTimeOffset? To, long Rows);

/// <summary>One number of a window, or the reason why there is none.</summary>
/// <param name="Column">A feature; null for what concerns the whole.</param>
/// <param name="Method">Stable key: a drift method, a metric's key, or how it is counted.</param>
/// <param name="Bins">How many bins it was computed over; null where there are none. The bins themselves are in the run's detail.</param>
/// <param name="Base">The same number in the reference, where it has one.</param>
/// <param name="NotComputable">Code of the reason (a resource); null exactly when there is a value.</param>
/// <param name="ReferenceCount">Values of the reference it rests on, missing not counted.</param>
/// <param name="Count">Values of the window it rests on.</param>
public sealed record Score(
    MonitorSignal Signal, string? Column, string Method, int? Bins, double? Base, double? Value, string? NotComputable, long ReferenceCount, long Count);

/// <summary>What a score is about.</summary>
public enum MonitorSignal
{
    /// <summary>Scoring requests in the window's time, from the traffic counted then.</summary>
    Requests,

    /// <summary>Share of requests that were not answered, 0..1.</summary>
    ErrorShare,

    /// <summary>Share of requests refused because they broke the contract, 0..1.</summary>
    ContractViolationShare,

    /// <summary>Milliseconds of scoring; methods p50, p95, p99.</summary>
    Latency,

    /// <summary>Share of answers that the off-switch gave, 0..1.</summary>
    FallbackShare,

    /// <summary>Predictions in the window.</summary>
    Predictions,

    /// <summary>Predictions whose id came before at another time.</summary>
    RepeatedIds,

    /// <summary>Per column: share of missing values, 0..1.</summary>
    MissingShare,

    /// <summary>Per category: share of values that the reference does not have, 0..1.</summary>
    NewValueShare,

    /// <summary>Per number: share of values outside the reference's smallest and largest, 0..1.</summary>
    OutOfRangeShare,

    /// <summary>Per column: share of values of another kind than the contract says (a text for a number), 0..1.</summary>
    WrongTypeShare,

    /// <summary>Per column.</summary>
    Psi,

    /// <summary>Per numeric column: the statistic D.</summary>
    Ks,

    /// <summary>Per numeric column: p of D, exact or asymptotic by its method.</summary>
    KsPValue,

    /// <summary>Per category.</summary>
    LInfinity,

    /// <summary>Per column: a further method that the monitor asks for.</summary>
    Distance,

    /// <summary>The predictions against the reference's predictions: methods psi and ks.</summary>
    PredictionDrift,

    MeanPrediction,

    /// <summary>Of the predictions whose outcome is known.</summary>
    MeanOutcome,

    /// <summary>Mean prediction minus mean outcome, of the predictions whose outcome is known.</summary>
    PredictionMinusOutcome,

    /// <summary>Share of predictions whose outcome is known, 0..1.</summary>
    Coverage,

    /// <summary>A metric over the predictions whose outcome is known; the method is the metric's key (roc_auc, log_loss, rmse…).</summary>
    Realised,
}

/// <summary>What a run's numbers were computed from, to look at.</summary>
/// <param name="Shapes">Per column: both distributions over common bins.</param>
/// <param name="Bins">The bins of scores that have them.</param>
public sealed record RunDetail(ImmutableArray<ColumnShape> Shapes, ImmutableArray<ScoreBins> Bins);

/// <summary>Both distributions of a column over common bins. The column named by <see cref="PredictionColumn"/> is the prediction.</summary>
/// <param name="Edges">Of a number: one more than counts; empty for categories.</param>
/// <param name="Values">Of categories, most frequent first; empty for numbers.</param>
/// <param name="Least">Smallest value of the window, of a number.</param>
/// <param name="Most">Largest value of the window, of a number.</param>
public sealed record ColumnShape(string Column, ImmutableArray<double> Edges, ImmutableArray<string> Values, ImmutableArray<long> Reference, ImmutableArray<long> Window, double? Least, double? Most)
{
    public const string PredictionColumn = "";
}

/// <param name="Edges">Inner edges of open-ended bins [a, b); empty for categories.</param>
/// <param name="Reference">Counts.</param>
/// <param name="Window">Counts.</param>
public sealed record ScoreBins(MonitorSignal Signal, string Column, string Method, ImmutableArray<double> Edges, ImmutableArray<string> Values, ImmutableArray<long> Reference, ImmutableArray<long> Window);

/// <summary>One number over windows, oldest first.</summary>
public sealed record MonitorSeries(MonitorId Monitor, MonitorSignal Signal, string? Column, string Method, ImmutableArray<SeriesPoint> Points);

/// <param name="Coverage">0..1; always shown beside a realised metric.</param>
public sealed record SeriesPoint(DateTimeOffset From, DateTimeOffset To, long Rows, double? Coverage, double? Base, double? Value, string? NotComputable);
