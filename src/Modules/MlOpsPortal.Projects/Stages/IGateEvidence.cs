using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Projects.Stages;

/// <summary>What a module can say about a stage's checklist. Projects asks every implementation when a stage is looked at or signed off;
/// a check that cannot be evaluated counts as not met.</summary>
public interface IGateEvidence
{
    Stage Stage { get; }

    Task<ImmutableArray<GateCheck>> CheckAsync(Caller caller, ProjectId project, CancellationToken cancellationToken);

    /// <summary>Who made what the stage is judged by; none of them may sign it off.</summary>
    Task<ImmutableArray<UserId>> AuthorsAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<UserId>.Empty);
}

/// <summary>One line of a stage's checklist.</summary>
/// <param name="Code">Stable; the sentence people read is the resource of this code.</param>
/// <param name="Met">Is it there?</param>
/// <param name="Evidence">What was found: a name, a number, a date; null when nothing was.</param>
/// <param name="Link">Where in the portal it can be seen or done, below /t/{tenant}; null when there is no page.</param>
public sealed record GateCheck(string Code, bool Met, string? Evidence, string? Link);
