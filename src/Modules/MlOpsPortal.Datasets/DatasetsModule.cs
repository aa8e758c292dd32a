using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Data;
using MlOpsPortal.Datasets.Everyone;
using MlOpsPortal.Datasets.Jobs;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Datasets;

/// <summary>Stage 2: data as immutable, described versions. A host that serves also answers the verbs of <see cref="Reading.DatasetVerbs"/>.</summary>
public static class DatasetsModule
{
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.AddTenantDb<DatasetsDbContext>();
        services.AddSingleton<AggregateDefinition<DatasetRow, Dataset>, DatasetDefinition>();
        services.AddTransient<Aggregate<DatasetsDbContext, DatasetRow, Dataset>>();
        services.AddSingleton<VersionDocuments>();
        services.AddSingleton<DatasetCatalog>();
        services.AddSingleton<IDatasetCatalog>(provider => provider.GetRequiredService<DatasetCatalog>());
        services.AddSingleton<IGateEvidence, DataGate>();
        services.AddSingleton(provider => new DatasetList(provider.GetRequiredService<ITenantDb<DatasetsDbContext>>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton(provider => new DatasetDesk(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<DatasetsDbContext>>(),
            provider.GetRequiredService<VersionDocuments>(), provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<UploadDesk>(), provider.GetRequiredService<BlobStore>(),
            provider.GetRequiredService<ChildProcess>(), provider.GetRequiredService<TimeProvider>()));
        services.AddJobKind<ReadKind>().AddJobKind<SplitKind>().AddJobKind<CheckKind>().AddJobKind<LeakKind>();
        services.AddSingleton<ISearchSource, DatasetSearch>().AddSingleton<ISubjectSource, DatasetSubjects>().AddSingleton<IArchiveSource, DatasetArchive>();
        services.AddSingleton(DatasetsPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(DatasetsModule)));
        return services;
    }

    public static IEndpointRouteBuilder MapDatasetsEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDatasets();
        return endpoints;
    }
}
