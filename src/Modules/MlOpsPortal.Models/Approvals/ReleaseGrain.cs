using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Approvals;

/// <summary>The one writer of a release request.</summary>
internal interface IReleaseGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<Result<Versioned<ReleaseRequest>>> Read(CancellationToken cancellationToken);

    Task<Result<Versioned<ReleaseRequest>>> Apply(Caller caller, Command<ReleaseRequest> command, long? expectedVersion, CancellationToken cancellationToken);
}

internal sealed class ReleaseGrain(Aggregate<ModelsDbContext, ReleaseRow, ReleaseRequest> release) : Grain, IReleaseGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => release.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<Result<Versioned<ReleaseRequest>>> Read(CancellationToken cancellationToken) => release.ReadAsync(cancellationToken);

    public Task<Result<Versioned<ReleaseRequest>>> Apply(Caller caller, Command<ReleaseRequest> command, long? expectedVersion, CancellationToken cancellationToken) =>
        release.ApplyAsync(caller, command, expectedVersion, cancellationToken);
}
