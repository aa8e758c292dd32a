using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments;

/// <summary>Opens an endpoint under a name. Nothing answers there until a version is released.</summary>
/// <param name="Id">Given by the portal.</param>
public sealed partial record CreateDeployment(
    DeploymentId Id, ProjectId Project, string Name, ReleaseEnvironment Environment, ModelId Model, WhenSpoolFull? WhenSpoolFull, double? LatencyBudgetMs) : Command<Deployment>
{
    private const double MaxBudget = 60_000;

    [JsonIgnore]
    public override Permission Permission => DeploymentsPermissions.Operate;

    public override Result<Change<Deployment>> Decide(Deployment? state, Facts facts)
    {
        if (state is not null)
            return DeploymentsErrors.NameTaken();
        var faults = new Faults().Text("name", Name, 63)
            .When(Name is not null && !Address().IsMatch(Name), "name", "deployments.name_form")
            .When(LatencyBudgetMs is not null and not (> 0 and <= MaxBudget), "latencyBudgetMs", "deployments.budget");
        if (faults.Refusal is { } refusal)
            return refusal;
        var deployment = new Deployment
        {
            Id = Id, Project = Project, Name = Name!, Environment = Environment, Model = Model, CreatedBy = facts.Caller.User, // checked above
            WhenSpoolFull = WhenSpoolFull ?? Deployments.WhenSpoolFull.Refuse,
            LatencyBudgetMs = LatencyBudgetMs ?? 20,
        };
        return Change.To(deployment, new DeploymentCreated(deployment.Name, Environment, Model));
    }

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}

/// <summary>Puts an endpoint away: it answers 404, its name is free again.</summary>
public sealed record ArchiveDeployment(string Reason) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults) =>
        faults.Text("reason", Reason, 1000).Refusal is { } refusal
            ? refusal
            : Change.To(deployment with { ArchivedAt = facts.Now }, new DeploymentArchived(Reason.Trim()));
}

/// <summary>Brings an endpoint back, under its name if nobody has taken that meanwhile: the release that was live answers again.</summary>
public sealed record RestoreDeployment : DeploymentCommand
{
    [JsonIgnore]
    protected override bool EvenArchived => true;

    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults) =>
        deployment.ArchivedAt is null ? new Conflict("archive.not_archived") : Change.To(deployment with { ArchivedAt = null }, new DeploymentRestored());
}
