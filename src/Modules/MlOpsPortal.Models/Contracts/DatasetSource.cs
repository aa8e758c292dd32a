using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Contracts;

/// <summary>A dataset version, as far as models care.</summary>
/// <param name="Name">"messages_2024 v2", as pages show it.</param>
/// <param name="Parquet">The rows.</param>
internal sealed record DatasetFacts(
    DatasetVersionId Version, ProjectId Project, string Name, DatasetRole Role, long Rows, BlobRow Parquet, ImmutableArray<SchemaColumn> Columns);

/// <summary>Where dataset versions come from.</summary>
internal interface IDatasetSource
{
    /// <returns>A version that can be read; not found when it is absent or hidden.</returns>
    Task<Result<DatasetFacts>> GetAsync(Caller caller, DatasetVersionId version, CancellationToken cancellationToken);
}

/// <summary>For a portal without datasets: none is found.</summary>
internal sealed class NoDatasets : IDatasetSource
{
    public Task<Result<DatasetFacts>> GetAsync(Caller caller, DatasetVersionId version, CancellationToken cancellationToken) => Task.FromResult<Result<DatasetFacts>>(ModelsErrors.NoDataset());
}
