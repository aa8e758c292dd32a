using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Work;

/// <summary>What kind of thing waits; pages have an icon and a word for each.</summary>
public enum WorkKind
{
    SignOff,
    Approval,
    CheckIn,
    Alert,
    Task,
    Mention,
    Job,

    /// <summary>Something of one's own failed or was refused, and wants a look.</summary>
    Failure,
}

/// <summary>How much it presses.</summary>
public enum WorkUrgency
{
    /// <summary>Good to know: a job under way, a request that others decide.</summary>
    Low,

    Normal,

    /// <summary>Late, or something is broken meanwhile.</summary>
    High,
}

/// <summary>One thing that waits for somebody.</summary>
/// <param name="Title">What to do, in words: "Sign off business understanding".</param>
/// <param name="Detail">What one should know before; null when the title says it all.</param>
/// <param name="Project">Where it is; null for what is the tenant's.</param>
/// <param name="Href">The page where it is done, below <c>/t/{tenant}</c>: <c>/projects/…</c>.</param>
/// <param name="Since">Since when it waits.</param>
public sealed record WorkItem(WorkKind Kind, string Title, string? Detail, ScopeId? Project, string Href, DateTimeOffset Since)
{
    /// <summary>Until when it should be done.</summary>
    public DateTimeOffset? Due { get; init; }

    public WorkUrgency Urgency { get; init; } = WorkUrgency.Normal;

    /// <summary>Filled in by <see cref="WorkDesk"/>.</summary>
    public string? ProjectName { get; init; }
}
