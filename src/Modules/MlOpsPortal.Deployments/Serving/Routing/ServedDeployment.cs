using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments.Serving.Routing;

/// <summary>What a process knows of a deployment in order to answer. Never changed, only replaced.</summary>
/// <param name="Model">Null while nothing is live here.</param>
internal sealed record ServedDeployment(
    TenantId Tenant, DeploymentId Id, ScopeId Scope, string Name, ReleaseEnvironment Environment, LoadedModel? Model, OffSwitch? Off, WhenSpoolFull WhenSpoolFull, TrafficMeter Meter)
{
    /// <summary>What is live is not run by the portal: predictions are sent in, none is answered.</summary>
    public bool NotRun { get; init; }

    /// <summary>Why nothing answers.</summary>
    public Refusal Silence => NotRun ? DeploymentsErrors.NotRun(Name) : DeploymentsErrors.NothingLive(Name);
}
