using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments;

/// <summary>The one writer of a deployment.</summary>
internal interface IDeploymentGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<Result<Versioned<Deployment>>> Read(CancellationToken cancellationToken);

    Task<Result<Versioned<Deployment>>> Apply(Caller caller, Command<Deployment> command, long? expectedVersion, CancellationToken cancellationToken);
}

internal sealed class DeploymentGrain(Aggregate<DeploymentsDbContext, DeploymentRow, Deployment> deployment) : Grain, IDeploymentGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => deployment.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<Result<Versioned<Deployment>>> Read(CancellationToken cancellationToken) => deployment.ReadAsync(cancellationToken);

    public Task<Result<Versioned<Deployment>>> Apply(Caller caller, Command<Deployment> command, long? expectedVersion, CancellationToken cancellationToken) =>
        deployment.ApplyAsync(caller, command, expectedVersion, cancellationToken);
}
