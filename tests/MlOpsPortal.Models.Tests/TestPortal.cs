using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Datasets;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Tests;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestPortal))]

namespace MlOpsPortal.Models.Tests;

/// <summary>Platform, projects and models served over HTTP, with workers and child processes, on PostgreSQL and Azurite.</summary>
public sealed class TestPortal : IAsyncLifetime
{
    private readonly string scratch = Path.Combine(AppContext.BaseDirectory, "scratch-" + Guid.NewGuid().ToString("n"));
    private WebApplication? app;

    public IServiceProvider Services => app?.Services ?? throw new InvalidOperationException("The portal has not started.");

    public Uri Address { get; private set; } = new("http://localhost");

    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var services = await TestServices.GetAsync();
        var migrations = string.Join(',', new[] { typeof(PlatformDbContext), typeof(ProjectsModule), typeof(DatasetsModule), typeof(ModelsModule) }
            .SelectMany(type => type.Assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(Microsoft.EntityFrameworkCore.Migrations.Migration))).Select(type => type.FullName));
        var database = await services.CreateDatabaseAsync("models-" + migrations, MigrateAsync, stop);
        app = Build(database, services.BlobConnectionString);
        await app.Services.GetRequiredService<BlobStore>().EnsureContainerAsync(stop);
        await app.StartAsync(stop);
        Address = new Uri(app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
    }

    private WebApplication Build(DatabaseConnections database, string blobs)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.App,
            ["ConnectionStrings:System"] = database.System,
            ["Blobs:ConnectionString"] = blobs,
            ["Blobs:Container"] = "test-" + Guid.NewGuid().ToString("n"),
            ["Jobs:ScratchFolder"] = scratch,
            ["Jobs:Poll"] = "00:00:00.050",
            ["Models:AdmissionWallTime"] = "00:00:06",
            ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
        });
        AddModules(builder.Services, builder.Configuration);
        builder.Services.AddPlatformBackground();
        builder.Services.AddSilo(grainAssemblies: [typeof(ProjectsModule).Assembly, typeof(DatasetsModule).Assembly, typeof(ModelsModule).Assembly]).AddIncomingGrainCallFilter<TenantWall>();
        builder.Services.AddSingleton<TestPermissions>().AddSingleton<IPermissions>(provider => provider.GetRequiredService<TestPermissions>());
        builder.Services.AddSingleton<TestDatasets>().Replace(ServiceDescriptor.Singleton<IDatasetSource>(provider => provider.GetRequiredService<TestDatasets>()));

        var built = builder.Build();
        built.UseExceptionHandler();
        built.Use((context, next) => SignIn(context, next));
        built.UseIdempotencyKeys();
        built.MapPlatformEndpoints();
        built.MapProjectsEndpoints();
        built.MapModelsEndpoints();
        return built;
    }

    private static void AddModules(IServiceCollection services, IConfiguration configuration) =>
        services.AddPlatform(configuration).AddProjects().AddDatasets().AddModels(configuration);

    /// <summary>Whoever the header names: how people come in is another module's business.</summary>
    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-Test-Caller"].ToString().Split('|') is [var tenant, var user, var name])
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new(CallerClaims.Tenant, tenant), new(CallerClaims.User, user), new(CallerClaims.Name, name)], "test"));
        return next(context);
    }

    private static async Task MigrateAsync(DatabaseConnections connections, CancellationToken stop)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        var services = new ServiceCollection();
        AddModules(services, new ConfigurationBuilder().Build());
        await using var provider = services.BuildServiceProvider();
        foreach (var migrations in provider.GetServices<IMigrations>())
            await migrations.ApplyAsync(owner, stop);
    }
}
