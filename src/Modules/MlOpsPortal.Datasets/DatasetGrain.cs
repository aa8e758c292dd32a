using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Datasets;

/// <summary>The one writer of a dataset.</summary>
internal interface IDatasetGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<Result<Versioned<Dataset>>> Read(CancellationToken cancellationToken);

    Task<Result<Versioned<Dataset>>> Apply(Caller caller, Command<Dataset> command, long? expectedVersion, CancellationToken cancellationToken);
}

internal sealed class DatasetGrain(Aggregate<DatasetsDbContext, DatasetRow, Dataset> dataset) : Grain, IDatasetGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => dataset.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<Result<Versioned<Dataset>>> Read(CancellationToken cancellationToken) => dataset.ReadAsync(cancellationToken);

    public Task<Result<Versioned<Dataset>>> Apply(Caller caller, Command<Dataset> command, long? expectedVersion, CancellationToken cancellationToken) =>
        dataset.ApplyAsync(caller, command, expectedVersion, cancellationToken);
}
