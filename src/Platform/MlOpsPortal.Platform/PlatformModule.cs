using System.ComponentModel.DataAnnotations;
using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Archive;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Drafts;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.KeyRing;
using MlOpsPortal.Platform.Links;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Preferences;
using MlOpsPortal.Platform.Search;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Platform.Work;
using Npgsql;

namespace MlOpsPortal.Platform;

/// <summary>Section <c>ConnectionStrings</c>: the portal's two roles. Nothing is assumed when they are missing.</summary>
public sealed class DatabaseOptions
{
    /// <summary>As <c>mlops_app</c>. Required.</summary>
    [Required(ErrorMessage = "ConnectionStrings:Portal is not set: PostgreSQL as the role mlops_app.")]
    public string Portal { get; set; } = "";

    /// <summary>As <c>mlops_system</c>. Required.</summary>
    [Required(ErrorMessage = "ConnectionStrings:System is not set: PostgreSQL as the role mlops_system.")]
    public string System { get; set; } = "";
}

/// <summary>What every module stands on.</summary>
public static class PlatformModule
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("ConnectionStrings")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<BlobOptions>().Bind(configuration.GetSection("Blobs")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            // What a connection is asked again and again is read and planned once.
            var portal = new NpgsqlConnectionStringBuilder(options.Portal) { MaxAutoPrepare = 60 };
            return new PortalDatabase(NpgsqlDataSource.Create(portal), NpgsqlDataSource.Create(options.System));
        });
        services.AddSingleton<TenantConnectionInterceptor>();
        services.AddTenantDb<PlatformDbContext>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<BlobOptions>>().Value;
            var client = new BlobClientOptions { Retry = { MaxRetries = 3, NetworkTimeout = TimeSpan.FromSeconds(30), Mode = RetryMode.Exponential } };
            return new BlobContainerClient(options.ConnectionString, options.Container, client);
        });
        services.AddSingleton<BlobStore>();
        services.AddSingleton<OrphanSweeper>();
        services.TryAddSingleton<ITenantLimits, NoTenantLimits>();
        services.AddSingleton<StorageRoom>();
        services.AddSingleton<UploadDesk>();
        services.AddJobs(configuration);
        services.AddOptions<MailOptions>().Bind(configuration.GetSection("Mail"))
            .PostConfigure(options => options.PortalUrl = options.PortalUrl is { Length: > 0 } set ? set : configuration["Portal:PublicUrl"] ?? "").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IMailer, Mailer>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<DraftDesk>();
        services.AddSingleton<LinkDesk>();
        services.AddSingleton<PreferenceDesk>();
        services.AddSingleton<WorkDesk>();
        services.AddSingleton<SearchDesk>();
        services.AddSingleton<ArchiveDesk>();
        services.AddSingleton<OutboxRelay>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<RefusalTexts>();
        services.AddSingleton(RefusalTextSource.Of(typeof(PlatformModule)));
        services.AddSingleton<IXmlRepository, DatabaseKeyRing>();
        services.AddDataProtection().SetApplicationName("MlOpsPortal");
        services.AddOptions<KeyRingOptions>().Bind(configuration.GetSection("KeyRing")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository, IOptions<KeyRingOptions>>((options, repository, secrets) =>
            (options.XmlRepository, options.XmlEncryptor) = (repository, new KeyRingEncryptor(secrets)));
        services.AddOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>().Configure<RefusalTexts>((options, texts) => PortalJson.Configure(options.SerializerOptions, SpokenRefusals.By(texts)));
        services.AddExceptionHandler<BadRequests>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // or a body that cannot be read is answered without a word
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions["traceId"] = TraceIds.Of(context.HttpContext));
        return services;
    }

    /// <summary>The work in the background that only a serving portal does (not a migration or a job).</summary>
    public static IServiceCollection AddPlatformBackground(this IServiceCollection services) =>
        services
            .AddHostedService(provider => provider.GetRequiredService<LiveEvents>())
            .AddHostedService(provider => provider.GetRequiredService<OutboxRelay>())
            .AddHostedService(provider => provider.GetRequiredService<OrphanSweeper>())
            .AddHostedService(provider => provider.GetRequiredService<MailSender>())
            .AddHostedService(provider => provider.GetRequiredService<JobWorker>())
            .AddHostedService(provider => provider.GetRequiredService<ScheduleClock>());

    /// <summary>Registers a module's context, opened per tenant by <see cref="ITenantDb{TContext}"/>.</summary>
    public static IServiceCollection AddTenantDb<TContext>(this IServiceCollection services)
        where TContext : TenantDbContext =>
        services.AddSingleton<ITenantDb<TContext>, TenantDb<TContext>>().AddSingleton<IMigrations, Migrations<TContext>>();

    public static IEndpointRouteBuilder MapPlatformEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapUploadEndpoints();
        endpoints.MapJobEndpoints();
        endpoints.MapWork();
        endpoints.MapSearch();
        endpoints.MapArchive();
        endpoints.MapDrafts();
        return endpoints;
    }

    public static IApplicationBuilder UseIdempotencyKeys(this IApplicationBuilder app) => app.UseMiddleware<IdempotencyMiddleware>();
}
