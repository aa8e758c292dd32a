using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Deployments.Serving;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Monitoring;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Deployments.Tests;

/// <summary>Deployments and Monitoring behind Kestrel, on a database and a data folder of their own.</summary>
public sealed class TestPortal : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool ownsFolder;

    private TestPortal(WebApplication app, DatabaseConnections database, string folder, bool ownsFolder)
    {
        (this.app, Database, Folder, this.ownsFolder) = (app, database, folder, ownsFolder);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient { BaseAddress = new Uri(address) };
        SignIn(Caller);
    }

    public static readonly TenantId Tenant = new(Guid.CreateVersion7());

    public static Caller Caller { get; } = new(Tenant, new UserId(Guid.CreateVersion7()), "Ada");

    public DatabaseConnections Database { get; }

    public string Folder { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => app.Services;

    public DeploymentDesk Desk => Services.GetRequiredService<DeploymentDesk>();

    internal TestFiles Files => (TestFiles)Services.GetRequiredService<IModelFiles>();

    internal TestApprovals Approvals => (TestApprovals)Services.GetRequiredService<IReleaseApprovals>();

    internal TestPermissions Permissions => (TestPermissions)Services.GetRequiredService<IPermissions>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Only what hangs takes as long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="after">Start where this one stood: same database, same data folder.</param>
    public static async Task<TestPortal> StartAsync(TestPortal? after = null, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? also = null)
    {
        var database = after?.Database ?? await (await TestServices.GetAsync()).CreateDatabaseAsync(TemplateKey(), MigrateAsync, Stop);
        var folder = after?.Folder ?? Path.Combine(AppContext.BaseDirectory, "data-" + Guid.NewGuid().ToString("n"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(database, folder)).AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        AddModules(builder.Services, builder.Configuration);
        builder.Services.AddSilo(grainAssemblies: [typeof(DeploymentsModule).Assembly]).AddIncomingGrainCallFilter<TenantWall>();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", null);
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddSingleton<IPermissions, TestPermissions>().AddSingleton<IModelRegistry, TestRegistry>().AddSingleton<IReleaseApprovals, TestApprovals>();
        builder.Services.AddSingleton<IModelFiles, TestFiles>();
        builder.Services.AddPlatformBackground().AddDeploymentsBackground();
        also?.Invoke(builder.Services);
        var built = builder.Build();
        built.UseExceptionHandler();
        built.UseAuthentication();
        built.UseAuthorization();
        built.UseIdempotencyKeys();
        built.MapDeploymentsEndpoints();
        built.MapPredictionLogEndpoints();
        await built.StartAsync(Stop);
        return new TestPortal(built, database, folder, ownsFolder: after is null);
    }

    /// <summary>Makes a client act as somebody else.</summary>
    public void SignIn(Caller caller)
    {
        Http.DefaultRequestHeaders.Remove(TestSignIn.Header);
        Http.DefaultRequestHeaders.Add(TestSignIn.Header, $"{caller.Tenant}/{caller.User}/{caller.Name}");
    }

    /// <summary>A ready version of a sample model.</summary>
    internal ServableModel Version(TestModel model, int number, ModelId? of = null)
    {
        var version = model.Servable(number, of ?? model.Id);
        ((TestRegistry)Services.GetRequiredService<IModelRegistry>()).Versions[version.Version] = version;
        Files.BySha[version.File!.Sha256] = model.Bytes;
        return version;
    }

    /// <summary>An endpoint on which the model's version answers.</summary>
    internal async Task<Deployment> ServeAsync(TestModel model, string name, int number = 1)
    {
        var version = Version(model, number);
        var created = (await Desk.CreateAsync(Caller, new NewDeployment(TestModel.Project, name, ReleaseEnvironment.Sandbox, version.Model, null, null), Stop)).Required().State;
        return await ReleaseAsync(created.Id, version);
    }

    /// <summary>Releases and waits until the release is live or has failed.</summary>
    internal async Task<Deployment> ReleaseAsync(DeploymentId id, ServableModel version)
    {
        (await Desk.ReleaseAsync(Caller, id, version.Version, null, Stop)).Required();
        return await SettledAsync(id);
    }

    /// <summary>The deployment once nothing is loading, here and in the routing table.</summary>
    internal async Task<Deployment> SettledAsync(DeploymentId id)
    {
        var table = Services.GetRequiredService<RoutingTable>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var state = (await Desk.GetAsync(Caller, id, patience.Token)).Required().State;
            if (state.Loading is null && table.Find(id)?.Model?.Release == state.Live?.Id)
                return state;
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        using var reply = await Http.PostAsync(path, content, Stop);
        return ((int)reply.StatusCode, await reply.Content.ReadFromJsonAsync<JsonElement>(PortalJson.Options, Stop));
    }

    /// <summary>Reads one value as the database's owner, past every policy.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.Owner + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task UntilAsync(Func<bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!wanted())
            await tick.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Waits until the query says so.</summary>
    public async Task UntilAsync(string sql, long expected)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long seen;
        while ((seen = await AskAsync<long>(sql)) != expected)
            if (patience.IsCancellationRequested || !await tick.WaitForNextTickAsync(Stop))
                throw new TimeoutException($"'{sql}' stayed at {seen}, {expected} were expected.");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        if (ownsFolder && Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static Dictionary<string, string?> Settings(DatabaseConnections database, string folder) => new()
    {
        ["ConnectionStrings:Portal"] = database.App,
        ["ConnectionStrings:System"] = database.System,
        ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
        ["Blobs:ConnectionString"] = "UseDevelopmentStorage=true",
        ["Jobs:ScratchFolder"] = Path.Combine(folder, "jobs"),
        ["Portal:DataFolder"] = folder,
    };

    private static void AddModules(IServiceCollection services, IConfiguration configuration) =>
        services.AddPlatform(configuration).AddDeployments(configuration).AddPredictionLog();

    private static string TemplateKey() => "deployments-" + string.Join(
        ',', new[] { typeof(PlatformModule), typeof(DeploymentsModule), typeof(MonitoringModule) }.SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Microsoft.EntityFrameworkCore.Migrations.Migration))).Select(type => type.Assembly.ManifestModule.ModuleVersionId + type.Name));

    private static async Task MigrateAsync(DatabaseConnections connections, CancellationToken stop)
    {
        var services = new ServiceCollection().AddLogging();
        AddModules(services, new ConfigurationBuilder().AddInMemoryCollection(Settings(connections, Path.GetTempPath())).Build());
        await using var provider = services.BuildServiceProvider();
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        foreach (var migrations in provider.GetServices<IMigrations>())
            await migrations.ApplyAsync(owner, stop);
    }
}
