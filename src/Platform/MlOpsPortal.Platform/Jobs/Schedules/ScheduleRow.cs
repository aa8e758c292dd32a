using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Jobs.Schedules;

/// <summary>Work that comes again: a job of <see cref="Kind"/> for one subject, every so often. Set by <see cref="ScheduleDesk"/>, moved on by <see cref="ScheduleClock"/>.</summary>
public sealed class ScheduleRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }

    /// <summary>Which <see cref="IJobKind"/> does it; a subject has one schedule per kind.</summary>
    public required string Kind { get; set; }
    public ScopeId? Scope { get; set; }
    public required string SubjectKind { get; set; }
    public required string SubjectId { get; set; }

    /// <summary>What people read in a list of jobs.</summary>
    public required string Title { get; set; }

    /// <summary>What the kind needs to know, jsonb.</summary>
    public required string Spec { get; set; }
    public TimeSpan Every { get; set; }

    /// <summary>Times are whole multiples of <see cref="Every"/> after this one.</summary>
    public DateTimeOffset FirstAt { get; set; }
    public DateTimeOffset NextAt { get; set; }
    public DateTimeOffset? LastAt { get; set; }

    /// <summary>The job that was begun last; while it is not over, no other is begun.</summary>
    public JobId? LastJob { get; set; }
}
