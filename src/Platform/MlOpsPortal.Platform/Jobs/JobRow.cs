using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>A job. Made by <see cref="JobDesk"/>, moved on by <see cref="JobQueue"/> alone.</summary>
public sealed class JobRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public JobId Id { get; set; }

    /// <summary>Which <see cref="IJobKind"/> does it.</summary>
    public required string Kind { get; set; }
    public ScopeId? Scope { get; set; }
    public required string SubjectKind { get; set; }
    public required string SubjectId { get; set; }

    /// <summary>What people read in a list of jobs.</summary>
    public required string Title { get; set; }
    public JobState State { get; set; }

    /// <summary>What the kind needs to know, jsonb.</summary>
    public required string Spec { get; set; }

    /// <summary>Code of the step under way; its text is a resource.</summary>
    public string? Step { get; set; }

    /// <summary>The steps there were so far, of every attempt: a list of <see cref="JobStep"/> as jsonb.</summary>
    public string Steps { get; set; } = "[]";

    /// <summary>0..1</summary>
    public double Progress { get; set; }
    public string? Result { get; set; }

    /// <summary>Why it failed, a <c>Refusal</c> as jsonb.</summary>
    public string? Refusal { get; set; }
    public UserId CreatedBy { get; set; }
    public required string CreatedByName { get; set; }
    public int Attempts { get; set; }
    public bool CancelRequested { get; set; }

    /// <summary>Which process has it: machine, boot, process id and start time.</summary>
    public string? Worker { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset AvailableAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? HeartbeatAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}
