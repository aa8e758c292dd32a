using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using ReleaseApproval = MlOpsPortal.Models.Approvals.ReleaseApproval;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments.Releases;

/// <summary>Lets a version answer, once it is loaded and warm. Production takes it only with another person's approval of exactly this file and contract.</summary>
internal sealed record ReleaseVersion(ReleaseId Id, ServableVersion Version, ReleaseApproval? Approval) : DeploymentCommand
{
    [JsonIgnore]
    public override Permission Permission => DeploymentsPermissions.Release;

    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (Version.Model != deployment.Model)
            return DeploymentsErrors.OtherModel();
        if (deployment.Live?.Version.Id == Version.Id)
            return DeploymentsErrors.AlreadyLive(Version.Number);
        return deployment.Environment == ReleaseEnvironment.Production && !Covers(Approval, Version)
            ? DeploymentsErrors.NeedsApproval(Version.Number)
            : Begin(deployment, facts, Id, Version, Approval, ReleaseCause.Released);
    }

    internal static Result<Change<Deployment>> Begin(Deployment deployment, Facts facts, ReleaseId id, ServableVersion version, ReleaseApproval? approval, ReleaseCause cause)
    {
        if (deployment.Loading is { } loading)
            return DeploymentsErrors.ReleaseLoading(loading.Version.Number);
        var number = deployment.Releases.IsEmpty ? 1 : deployment.Releases[^1].Number + 1;
        var release = new Release(id, number, version, cause, facts.Caller.User, facts.Caller.Name, facts.Now, approval, ReleaseState.Loading);
        var begun = deployment with { Releases = ReleaseHistory.Add(deployment.Releases, release) };
        var started = new ReleaseStarted(id, number, version.Id, version.Number, cause, version.File?.Sha256 ?? "", approval?.ApprovedBy.Id);
        // There is nothing to load of a version that is not run: it is live at once.
        return version.NotRun ? GoLive.Now(begun, release, facts).Map(change => change with { Events = [started, .. change.Events] }) : Change.To(begun, started);
    }

    private static bool Covers(ReleaseApproval? approval, ServableVersion version) =>
        approval is not null && approval.Version == version.Id && approval.Environment == ReleaseEnvironment.Production && approval.ApprovedBy.Id != approval.RequestedBy.Id
        && approval.FileSha256 == version.File?.Sha256 && approval.ContractSha256 == version.Contract.Hash();
}

/// <summary>Goes back to the version that was live before, in one action. It is loaded and warmed like any other.</summary>
internal sealed record RollBack(ReleaseId Id, string Reason) : DeploymentCommand
{
    [JsonIgnore]
    public override Permission Permission => DeploymentsPermissions.Release;

    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (faults.Text("reason", Reason, 1000).Refusal is { } refusal)
            return refusal;
        if (deployment.Previous is not { } previous)
            return DeploymentsErrors.NoWayBack();
        var begun = ReleaseVersion.Begin(deployment, facts, Id, previous.Version, previous.Approval, ReleaseCause.RolledBack);
        return begun.Map(change => change with { Events = [new RolledBack(deployment.Live?.Version.Number, previous.Version.Number, Reason.Trim()), .. change.Events] });
    }
}
