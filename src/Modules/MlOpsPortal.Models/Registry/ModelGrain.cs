using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Registry;

/// <summary>The one writer of a model.</summary>
internal interface IModelGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<Result<Versioned<Model>>> Read(CancellationToken cancellationToken);

    Task<Result<Versioned<Model>>> Apply(Caller caller, Command<Model> command, long? expectedVersion, CancellationToken cancellationToken);
}

internal sealed class ModelGrain(Aggregate<ModelsDbContext, ModelRow, Model> model) : Grain, IModelGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => model.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<Result<Versioned<Model>>> Read(CancellationToken cancellationToken) => model.ReadAsync(cancellationToken);

    public Task<Result<Versioned<Model>>> Apply(Caller caller, Command<Model> command, long? expectedVersion, CancellationToken cancellationToken) =>
        model.ApplyAsync(caller, command, expectedVersion, cancellationToken);
}
