using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Deployments;

/// <summary>A change to a deployment that exists and is not archived.</summary>
public abstract record DeploymentCommand : Command<Deployment>
{
    [JsonIgnore]
    public override Permission Permission => DeploymentsPermissions.Operate;

    public sealed override Result<Change<Deployment>> Decide(Deployment? state, Facts facts)
    {
        if (state is null)
            return new NotFound();
        return state.ArchivedAt is null || EvenArchived ? Decide(state, facts, new Faults()) : DeploymentsErrors.Archived();
    }

    /// <summary>May it be carried out on a deployment that was put away?</summary>
    [JsonIgnore]
    protected virtual bool EvenArchived => false;

    protected abstract Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults);
}
