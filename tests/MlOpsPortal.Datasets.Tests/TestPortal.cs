using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Datasets.Tests;

/// <summary>Platform, projects and datasets with silo, worker and real children, on a database of their own; without HTTP.</summary>
internal sealed class TestPortal : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string scratch;

    private TestPortal(IHost host, string scratch) => (this.host, this.scratch) = (host, scratch);

    public Caller Ada { get; } = new(new TenantId(Guid.CreateVersion7()), new UserId(Guid.CreateVersion7()), "Ada");

    public ProjectId Project { get; private set; }

    public DatasetDesk Desk => Get<DatasetDesk>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    public static async Task<TestPortal> StartAsync()
    {
        var services = await TestServices.GetAsync();
        Type[] modules = [typeof(PlatformModule), typeof(ProjectsModule), typeof(DatasetsModule)];
        var migrations = string.Join(',', modules.SelectMany(module => module.Assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(Migration))).Select(type => type.FullName));
        var database = await services.CreateDatabaseAsync("datasets-" + migrations, MigrateAsync, Stop);
        var folder = Path.Combine(AppContext.BaseDirectory, "portal-" + Guid.NewGuid().ToString("n"));
        var builder = Builder(database.App, database.System, services.BlobConnectionString, folder);
        builder.Services.AddPlatformBackground();
        builder.Services.AddSilo(grainAssemblies: [typeof(ProjectsModule).Assembly, typeof(DatasetsModule).Assembly]).AddIncomingGrainCallFilter<TenantWall>();
        var portal = new TestPortal(builder.Build(), folder);
        await portal.Get<BlobStore>().EnsureContainerAsync(Stop);
        await portal.host.StartAsync(Stop);
        portal.Project = (await portal.Get<ProjectDesk>().CreateAsync(portal.Ada, "Offers", "Who comes for which offer.", Stop)).Required().State.Id;
        return portal;
    }

    public async Task<UploadId> UploadAsync(string name, byte[] content)
    {
        var desk = Get<UploadDesk>();
        var upload = (await desk.BeginAsync(Ada, new BeginUpload(name, content.Length, Hash(content)), Stop)).Required();
        for (var block = 0; block < upload.BlockCount; block++)
        {
            var part = content.AsMemory(block * upload.BlockSize, Math.Min(upload.BlockSize, content.Length - (block * upload.BlockSize))).ToArray();
            (await desk.PutBlockAsync(Ada, upload.Id, block, Hash(part), new MemoryStream(part), Stop)).Required();
        }

        (await desk.CompleteAsync(Ada, upload.Id, Stop)).Required();
        return upload.Id;
    }

    public async Task<DatasetId> CreateAsync(string name, byte[] content, DatasetRole role = DatasetRole.None, string? target = null)
    {
        var version = new NewVersion(await UploadAsync(name + ".csv", content), ReadOptions.Detect, role, target, null);
        return (await Desk.CreateAsync(Ada, Project, new NewDataset(name, null, version), Stop)).Required().State.Id;
    }

    /// <summary>The dataset once no version of it is being read and no job of it is open.</summary>
    public async Task<Dataset> SettledAsync(DatasetId id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(Stop))
        {
            var jobs = (await Get<JobDesk>().ListAsync(Ada, Project.Scope, id.ToString(), Platform.Paging.PageRequest.Of(200, null), Stop)).Required().Items;
            var dataset = (await Desk.GetAsync(Ada, id, Stop)).Required().State;
            if (jobs.All(job => JobLifecycle.IsOver(job.State)) && dataset.Versions.All(version => version.State != VersionState.Reading))
                return dataset;
        }

        throw new InvalidOperationException("The timer never ends by itself.");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static HostApplicationBuilder Builder(string app, string system, string blobs, string scratch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = app,
            ["ConnectionStrings:System"] = system,
            ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
            ["Blobs:ConnectionString"] = blobs,
            ["Blobs:Container"] = "test-" + Guid.NewGuid().ToString("n"),
            ["Jobs:ScratchFolder"] = scratch,
            ["Jobs:Poll"] = "00:00:00.050",
        });
        builder.Services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddPlatform(builder.Configuration).AddProjects().AddDatasets();
        builder.Services.AddSingleton<StartChild>(start => MlOpsPortal.Engines.Sandbox.ChildProcess.Start(start));
        builder.Services.AddSingleton<IPermissions, TestPermissions>();
        return builder;
    }

    private static async Task MigrateAsync(MlOpsPortal.LocalServices.DatabaseConnections connections, CancellationToken stop)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        using var migrating = Builder(connections.App, connections.System, "UseDevelopmentStorage=true", Path.GetTempPath()).Build();
        foreach (var migrations in migrating.Services.GetServices<IMigrations>())
            await migrations.ApplyAsync(owner, stop);
    }
}

/// <summary>Everybody named Ada may everything in her tenant; others are no members of anything.</summary>
internal sealed class TestPermissions : IPermissions
{
    public Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(Done.Instance);

    public Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Done>>(caller.Name switch
        {
            "Ada" => Done.Instance,
            "Viewer" => permission.Roles.Contains(Role.Viewer) ? Done.Instance : new Forbidden("forbidden", permission.Name),
            _ => new NotFound(),
        });

    public Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken) => Task.FromResult(new VisibleScopes(All: true, []));

    public Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken) => Task.FromResult(ImmutableHashSet<Role>.Empty);

    public void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now)
    {
        // Nobody is a member of anything here.
    }
}
