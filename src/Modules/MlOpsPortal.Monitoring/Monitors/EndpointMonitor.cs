using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>What is watched of an endpoint, in which windows, against what, and when.</summary>
public sealed record EndpointMonitor
{
    public required MonitorId Id { get; init; }
    public required DeploymentId Deployment { get; init; }
    public required ProjectId Project { get; init; }

    /// <summary>Unique among the endpoint's monitors that are not archived.</summary>
    public required string Name { get; init; }
    public required MonitorWindow Window { get; init; }
    public required MonitorReference Reference { get; init; }

    /// <summary>Null: only "run now".</summary>
    public MonitorSchedule? Schedule { get; init; }

    /// <summary>Fewer predictions than this in a window, and its statistics are not computable. 1 and up.</summary>
    public required int MinRows { get; init; }

    /// <summary>Realised metrics need at least this share of outcomes, 0..1.</summary>
    public required double MinCoverage { get; init; }

    /// <summary>Drift methods by key (<see cref="DriftMethods"/>); PSI, KS and L-infinity when nobody chose.</summary>
    public required ImmutableArray<string> Methods { get; init; }
    public required UserId CreatedBy { get; init; }
    public required string CreatedByName { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ArchivedAt { get; init; }
}

/// <summary>How predictions are cut into windows, by the time they happened.</summary>
/// <param name="Length">By time: one hour to 366 days.</param>
/// <param name="Count">By count: so many predictions, 50 to 1,000,000; those of the very same time as the last one are counted with it.</param>
/// <param name="Anchor">By time: windows begin whole lengths before and after it. Monday, 1 January 2024, midnight UTC when not given.</param>
public sealed record MonitorWindow(WindowKind Kind, TimeSpan? Length = null, int? Count = null, DateTimeOffset? Anchor = null)
{
    /// <summary>A Monday.</summary>
    public static readonly DateTimeOffset DefaultAnchor = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static MonitorWindow Weekly { get; } = new(WindowKind.Time, TimeSpan.FromDays(7));

    /// <summary>By time: the beginning of the window that a moment falls into.</summary>
    public DateTimeOffset StartOf(DateTimeOffset at)
    {
        var length = Length ?? throw new InvalidOperationException("Windows by count have no length.");
        var anchor = Anchor ?? DefaultAnchor;
        return anchor + (length * Math.Floor((at - anchor) / length));
    }
}

public enum WindowKind
{
    Time,
    Count,
}

/// <summary>What a window is compared with.</summary>
/// <param name="Dataset">For <see cref="ReferenceKind.Dataset"/>.</param>
/// <param name="From">For <see cref="ReferenceKind.Window"/>: predictions from here…</param>
/// <param name="To">…to before here.</param>
/// <param name="Back">For <see cref="ReferenceKind.Before"/>: the same stretch so much earlier. 364 days are the same weekdays of last year, a window's length the window before.</param>
public sealed record MonitorReference(ReferenceKind Kind, VersionRef? Dataset = null, DateTimeOffset? From = null, DateTimeOffset? To = null, TimeSpan? Back = null)
{
    public static MonitorReference Test { get; } = new(ReferenceKind.Test);
}

/// <summary>Training and test go with the model version that gave most of a window's answers: a new version brings its own reference.</summary>
public enum ReferenceKind
{
    Training,
    Test,
    Dataset,

    /// <summary>A fixed stretch of the prediction log.</summary>
    Window,

    /// <summary>A stretch of the prediction log before each window.</summary>
    Before,
}

/// <summary>When a monitor runs by itself: every so often it measures the windows that have ended since, and those whose outcomes came late.</summary>
/// <param name="Every">15 minutes (or what the portal is set to) to 366 days.</param>
/// <param name="FirstAt">Times are whole multiples after it; now when not given.</param>
public sealed record MonitorSchedule(TimeSpan Every, DateTimeOffset? FirstAt = null);
