using System.Collections.Immutable;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.KpiTracking.Marks;

/// <summary>What happened in a project that may explain a KPI's course. Whoever knows of such things registers one.</summary>
public interface IKpiMarks
{
    /// <param name="from">Nothing that ended before it is asked for.</param>
    Task<ImmutableArray<KpiMark>> FindAsync(Caller caller, ProjectId project, DateTimeOffset from, CancellationToken cancellationToken);
}

public enum KpiMarkKind
{
    Release,
    Incident,
}

/// <summary>A release or an incident on the KPI's time line.</summary>
/// <param name="Until">An incident's end; null while it is open, and for what happened at one moment.</param>
/// <param name="Name">Short: it stands in the chart.</param>
/// <param name="Link">Its page below the tenant's root, without a leading slash.</param>
public sealed record KpiMark(KpiMarkKind Kind, DateTimeOffset At, DateTimeOffset? Until, string Name, string? Link);
