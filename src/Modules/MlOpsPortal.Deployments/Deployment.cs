using System.Collections.Immutable;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments;

/// <summary>What answers under a name: the releases so far, which one is live, and whether it is switched off.</summary>
public sealed record Deployment
{
    public required DeploymentId Id { get; init; }
    public required ProjectId Project { get; init; }

    /// <summary>Part of the address; unique in the tenant among what is not archived.</summary>
    public required string Name { get; init; }
    public required ReleaseEnvironment Environment { get; init; }
    public required ModelId Model { get; init; }
    public required UserId CreatedBy { get; init; }

    /// <summary>Oldest first; the latest hundred, the audit holds all.</summary>
    public ImmutableArray<Release> Releases { get; init; } = [];
    public OffSwitch? Off { get; init; }

    /// <summary>When it was last switched off and on again: the way back was tried.</summary>
    public DateTimeOffset? OffRehearsedAt { get; init; }
    public WhenSpoolFull WhenSpoolFull { get; init; } = WhenSpoolFull.Refuse;

    /// <summary>What the p99 should stay under, in milliseconds; shown, not enforced.</summary>
    public double LatencyBudgetMs { get; init; } = 20;
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>The release that answers.</summary>
    public Release? Live => Releases.LastOrDefault(release => release.State == ReleaseState.Live);

    /// <summary>The release that is being loaded.</summary>
    public Release? Loading => Releases.LastOrDefault(release => release.State == ReleaseState.Loading);

    /// <summary>Where a roll back leads: the latest release with another version that was live before.</summary>
    public Release? Previous => Releases.LastOrDefault(release => release.State == ReleaseState.Replaced && release.Version.Id != Live?.Version.Id);

    public Deployment With(Release changed) => this with { Releases = [.. Releases.Select(release => release.Id == changed.Id ? changed : release)] };
}

/// <summary>What happens to scoring when predictions cannot be logged.</summary>
public enum WhenSpoolFull
{
    /// <summary>Answer 503: no decision without a record.</summary>
    Refuse,

    /// <summary>Answer, and count what was not logged.</summary>
    Drop,
}

/// <summary>The model is out of the answer.</summary>
/// <param name="Fallback">What callers get instead; null for a 503.</param>
public sealed record OffSwitch(double? Fallback, string Reason, UserId By, string ByName, DateTimeOffset At);
