using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.LoggedModels;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Artifacts and logged models, put together.</summary>
internal static class ArtifactServices
{
    public static IServiceCollection AddArtifacts(this IServiceCollection services)
    {
        services.AddSingleton(RefusalTextSource.Of(typeof(ArtifactErrors)));
        services.AddSingleton(RefusalTextSource.Of(typeof(LoggedModelErrors)));
        services.TryAddSingleton<IVersionArtifacts, NoVersions>();
        services.AddSingleton(provider => new ArtifactOwners(provider.GetRequiredService<Places>(), provider.GetRequiredService<IPermissions>()));
        services.AddSingleton<UploadGate>();
        services.AddSingleton(provider => new PartTickets(provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(provider => new ArtifactDesk(Databases(provider), Owners(provider), provider.GetRequiredService<BlobStore>(), provider.GetRequiredService<StorageRoom>(),
            provider.GetRequiredService<UploadGate>(), Time(provider)));
        services.AddSingleton(provider => new ArtifactUploadDesk(
            Databases(provider), Owners(provider), provider.GetRequiredService<ArtifactDesk>(), provider.GetRequiredService<PartTickets>(), provider.GetRequiredService<BlobStore>(),
            provider.GetRequiredService<StorageRoom>(), provider.GetRequiredService<UploadGate>(), Time(provider)));
        services.AddSingleton(provider => new ArtifactPins(Databases(provider), Owners(provider), Time(provider)));
        services.AddSingleton(provider => new LoggedModelDesk(Databases(provider), provider.GetRequiredService<Places>(), Owners(provider), Time(provider)));
        services.AddSingleton(provider => new LoggedModelSearch(Databases(provider), provider.GetRequiredService<IPermissions>(), provider.GetRequiredService<PageTokens>()));
        services.AddSingleton(provider => new ArtifactSweeper(
            provider.GetRequiredService<PortalDatabase>(), Databases(provider), provider.GetRequiredService<IOptions<TrackingOptions>>(), Time(provider), provider.GetRequiredService<ILogger<ArtifactSweeper>>()));
        return services;
    }

    private static ITenantDb<TrackingDbContext> Databases(IServiceProvider provider) => provider.GetRequiredService<ITenantDb<TrackingDbContext>>();

    private static ArtifactOwners Owners(IServiceProvider provider) => provider.GetRequiredService<ArtifactOwners>();

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
