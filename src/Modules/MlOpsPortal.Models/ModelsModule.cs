using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Models.Admission;
using MlOpsPortal.Models.Ancestry;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Comparison;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Everyone;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Models.Gates;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Models;

/// <summary>Registry, contracts, receipts, evaluation, comparison and release requests.</summary>
public static class ModelsModule
{
    /// <summary>What a child of this module can be asked to do.</summary>
    public static readonly IReadOnlyDictionary<string, IJobVerb> Verbs = new Dictionary<string, IJobVerb>(StringComparer.Ordinal)
    {
        [AdmitVerb.Name] = new AdmitVerb(),
        [ReceiptVerb.Name] = new ReceiptVerb(),
        [EvaluateVerb.Name] = new EvaluateVerb(),
    };

    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ModelsOptions>().Bind(configuration.GetSection("Models")).ValidateDataAnnotations().ValidateOnStart();
        services.AddTenantDb<ModelsDbContext>();
        services.AddSingleton<AggregateDefinition<ModelRow, Model>, ModelDefinition>();
        services.AddTransient<Aggregate<ModelsDbContext, ModelRow, Model>>();
        services.AddSingleton<AggregateDefinition<ReleaseRow, ReleaseRequest>, ReleaseDefinition>();
        services.AddTransient<Aggregate<ModelsDbContext, ReleaseRow, ReleaseRequest>>();
        services.AddSingleton<IDatasetSource, CatalogSource>();
        services.AddSingleton<Staging>();
        AddDesks(services);
        services.AddJobKind<AdmitKind>().AddJobKind<ReceiptKind>().AddJobKind<EvaluateKind>();
        services.AddSingleton<IModelRegistry, ModelRegistry>();
        services.AddSingleton<IReleaseApprovals, ReleaseApprovals>();
        services.AddSingleton<IGateEvidence, DevelopmentGate>();
        services.AddSingleton<IWorkSource, ReleaseWork>().AddSingleton<ISearchSource, ModelSearch>().AddSingleton<ISubjectSource, ModelSubjects>();
        services.AddSingleton<INotificationRule, ReleaseRule>().AddSingleton<IArchiveSource, ModelArchive>();
        services.AddSingleton(ModelsPermissions.All);
        services.AddSingleton(RefusalTextSource.Of(typeof(ModelsModule)));
        return services;
    }

    public static IEndpointRouteBuilder MapModelsEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/api/v1/models").WithTags("Models");
        models.MapRegistry();
        models.MapContracts();
        models.MapEvaluations(endpoints);
        models.MapComparison();
        endpoints.MapReleases();
        endpoints.MapFidelityRule();
        return endpoints;
    }

    /// <summary>The desks are public for pages and endpoints, what they are made of is not.</summary>
    private static void AddDesks(IServiceCollection services)
    {
        services.AddSingleton(provider => new ModelDesk(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<ModelsDbContext>>(),
            provider.GetRequiredService<UploadDesk>(), provider.GetRequiredService<IDatasetSource>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ContractDesk(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<IDatasetSource>(), provider.GetRequiredService<RefusalTexts>()));
        services.AddSingleton(provider => new FidelityRules(
            provider.GetRequiredService<ITenantDb<ModelsDbContext>>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new EvaluationDesk(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<IDatasetSource>(), provider.GetRequiredService<ITenantDb<ModelsDbContext>>(),
            provider.GetRequiredService<BlobStore>(), provider.GetRequiredService<JobDesk>(), provider.GetRequiredService<UploadDesk>(), provider.GetRequiredService<RefusalTexts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ComparisonDesk(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<EvaluationDesk>(), provider.GetRequiredService<ITenantDb<ModelsDbContext>>(), provider.GetRequiredService<BlobStore>()));
        services.AddSingleton(provider => new LineageDesk(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<ProjectDesk>(), provider.GetRequiredService<IDatasetSource>(), provider.GetRequiredService<ITenantDb<ModelsDbContext>>()));
        services.AddSingleton(provider => new ReleaseDesk(
            provider.GetRequiredService<ModelDesk>(), provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<ITenantDb<ModelsDbContext>>(),
            provider.GetRequiredService<AggregateDefinition<ReleaseRow, ReleaseRequest>>(), provider.GetRequiredService<TimeProvider>()));
    }
}
