using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Deployments.Releases;

/// <summary>The release is loaded and warm: it takes over from the one before. Said by the portal itself.</summary>
internal sealed record GoLive(ReleaseId Release) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (deployment.Releases.FirstOrDefault(release => release.Id == Release) is not { } candidate)
            return new NotFound();
        return candidate.State == ReleaseState.Live ? Change.To(deployment) /* another process was first */ : Now(deployment, candidate, facts);
    }

    internal static Result<Change<Deployment>> Now(Deployment deployment, Release candidate, Facts facts)
    {
        var moved = ReleaseLifecycle.Next(candidate.State, ReleaseMove.GoLive);
        if (!moved.IsOk)
            return moved.Refusal;
        var replaced = deployment.Live;
        if (replaced is not null)
        {
            var ended = ReleaseLifecycle.Next(replaced.State, ReleaseMove.Replace);
            if (!ended.IsOk)
                return ended.Refusal;
            deployment = deployment.With(replaced with { State = ended.Value, EndedAt = facts.Now });
        }

        return Change.To(
            deployment.With(candidate with { State = moved.Value, LiveAt = facts.Now }),
            new ReleaseWentLive(candidate.Id, candidate.Number, candidate.Version.Number, replaced?.Version.Number));
    }
}

/// <summary>The release could not be loaded; the one before goes on. Said by the portal itself.</summary>
internal sealed record FailRelease(ReleaseId Release, Refusal Reason) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (deployment.Releases.FirstOrDefault(release => release.Id == Release) is not { } candidate)
            return new NotFound();
        if (candidate.State == ReleaseState.Failed)
            return Change.To(deployment); // another process was first
        var moved = ReleaseLifecycle.Next(candidate.State, ReleaseMove.Fail);
        return moved.IsOk
            ? Change.To(
                deployment.With(candidate with { State = moved.Value, Failure = Reason, EndedAt = facts.Now }),
                new ReleaseFailed(candidate.Id, candidate.Number, candidate.Version.Number, Reason.Code, [.. Reason.Args]))
            : moved.Refusal;
    }
}
