using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Access.Tests;

/// <summary>Platform and Access on a port and a database of their own, with two probes that ask <see cref="IPermissions"/> over HTTP.</summary>
internal sealed class TestAccess : IAsyncDisposable
{
    public const string Password = "correct horse battery";
    public static readonly Permission Probe = new("probe.poke", Role.DataScientist, Role.TenantAdministrator);
    private readonly WebApplication running;
    private readonly NpgsqlDataSource owner;

    private TestAccess(WebApplication running, NpgsqlDataSource owner, TestClock clock) => (this.running, this.owner, Clock) = (running, owner, clock);

    public TestClock Clock { get; }

    public IServiceProvider Services => running.Services;

    public Uri Url => new(running.Urls.Single());

    public static async Task<TestAccess> StartAsync(params (string Key, string Value)[] settings)
    {
        var clock = new TestClock();
        var stop = TestContext.Current.CancellationToken;
        var services = await TestServices.GetAsync();
        var migrations = new[] { typeof(PlatformDbContext), typeof(AccessDbContext) }.SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Migration))).Select(type => type.GetCustomAttributesData()[^1].ToString());
        var database = await services.CreateDatabaseAsync("access-" + string.Join(',', migrations), MigrateAsync, stop);
        var app = Build(database, services.BlobConnectionString, clock, settings);
        await app.StartAsync(stop);
        return new TestAccess(app, NpgsqlDataSource.Create(database.Owner), clock);
    }

    /// <summary>A client that follows nothing and remembers no cookies by itself.</summary>
    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };

    public HttpClient Client(string token)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public T Get<T>()
        where T : notnull => running.Services.GetRequiredService<T>();

    public async Task<TenantSummary> TenantAsync(string slug = "acme") => (await Get<TenantDesk>().CreateAsync("Tenant " + slug, slug, default)).Required();

    /// <summary>A person with an account and these roles in the tenant, and a token for the API.</summary>
    public async Task<Person> PersonAsync(TenantSummary tenant, string name, params Role[] roles)
    {
        var account = (await Get<AccountDesk>().CreateAsync($"{name}@{tenant.Slug}.example", name, Password, default)).Required();
        return await JoinAsync(tenant, account, roles);
    }

    public async Task<Person> JoinAsync(TenantSummary tenant, Account account, params Role[] roles)
    {
        (await Get<TenantDesk>().AddMemberAsync(tenant.Id, account, [.. roles], default)).Required();
        var caller = new Caller(tenant.Id, account.UserId, account.Name);
        var token = await Get<TokenDesk>().IssueForAsync(caller, new IssueToken("test", DateTimeOffset.UtcNow.AddDays(1)), default);
        return new Person(caller, account.Email!, token.Required().Token!, Client(token.Required().Token!)); // people have an e-mail, fresh tokens a secret
    }

    /// <summary>Makes a member of a scope as its creation would, by the unit of work of a module.</summary>
    public async Task FoundAsync(Caller caller, params ScopeId[] scopes)
    {
        await using var unit = Get<ITenantDb<AccessDbContext>>().Open(caller.Tenant);
        foreach (var scope in scopes)
            Get<IPermissions>().Join(unit, caller, scope, DateTimeOffset.UtcNow);
        await unit.SaveChangesAsync();
    }

    /// <summary>Signs in as a browser does and gives the cookie back.</summary>
    public async Task<(HttpStatusCode Status, string Cookie, string SetCookie)> SignInAsync(string email, string password, string? slug = null)
    {
        using var client = Client();
        using var answer = await client.PostAsJsonAsync("/probe/sign-in", new SignInForm(email, password, slug));
        var set = answer.Headers.TryGetValues("Set-Cookie", out var values) ? values.First() : "";
        return (answer.StatusCode, set.Split(';')[0], set);
    }

    /// <summary>Straight into the database, as its owner.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var command = owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        await owner.DisposeAsync();
    }

    private static WebApplication Build(DatabaseConnections database, string blobs, TimeProvider time, (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.App,
            ["ConnectionStrings:System"] = database.System,
            ["KeyRing:Secret"] = Convert.ToBase64String(new byte[32]),
            ["Blobs:ConnectionString"] = blobs,
            ["Blobs:Container"] = "test-" + Guid.NewGuid().ToString("n"),
            ["Jobs:ScratchFolder"] = Path.Combine(AppContext.BaseDirectory, "scratch"),
            ["Access:SignInsPerMinute"] = "10000",
            ["Access:SignInsPerAccountPerMinute"] = "10000",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton(time);
        builder.Services.AddPlatform(builder.Configuration);
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MlOpsPortal.Platform.Outbox.LiveEvents>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MlOpsPortal.Platform.Outbox.OutboxRelay>());
        builder.Services.AddAntiforgery();
        builder.Services.AddAccess(builder.Configuration).AddAccessBackground();
        builder.Services.AddSingleton<IScopeDirectory, TestScopes>();
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRouting();
        app.UseAccess();
        app.UseIdempotencyKeys();
        app.UseAntiforgery();
        app.MapAccessEndpoints();
        app.MapPost("/probe/sign-in", async (SignInForm form, HttpContext context, SignInDesk desk) =>
        {
            var entered = await desk.SignInAsync(form.Email, form.Password, form.Slug, context.Connection.RemoteIpAddress, context.RequestAborted);
            if (entered.IsOk)
                await desk.SignInAsync(context, entered.Value);
            return entered.Map(who => who.Tenant?.Slug ?? "").ToHttp();
        }).AllowAnonymous();
        app.MapGet("/api/probe", async (Caller caller, IPermissions permissions) => (await permissions.DemandAsync(caller, Probe, default)).ToHttp());
        app.MapPost("/api/probe", (Caller caller) => caller.Name);
        app.MapGet("/api/probe/{scope}", async (Caller caller, ScopeId scope, IPermissions permissions) => (await permissions.DemandAsync(caller, scope, Probe, default)).ToHttp());
        app.MapGet("/page", () => "a page");
        return app;
    }

    private static async Task MigrateAsync(DatabaseConnections database, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var app = Build(database, "UseDevelopmentStorage=true", TimeProvider.System, []);
        foreach (var migrations in app.Services.GetServices<IMigrations>())
            await migrations.ApplyAsync(source, cancellationToken);
    }

    private sealed record SignInForm(string Email, string Password, string? Slug);
}

internal sealed record Person(Caller Caller, string Email, string Token, HttpClient Http)
{
    public UserId Id => Caller.User;
}

/// <summary>The real time, until a test says that some has passed: so "within five seconds" is tried by five seconds and not by how fast the machine is.</summary>
internal sealed class TestClock : TimeProvider
{
    private long passed;

    /// <summary>How far the wall clock has been set; what is measured goes on as it is.</summary>
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref passed);

    /// <summary>So much later by what is measured.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref passed, (long)(time.TotalSeconds * TimestampFrequency));
}

internal static class Answers
{
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<T>(PortalJson.Options))!; // a null body fails the test anyway

    public static async Task<string> CodeAsync(this HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("code").GetString()!; // every problem has one
    }

    public static Task<HttpResponseMessage> SendJsonAsync<T>(this HttpClient client, HttpMethod method, string path, T body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, options: PortalJson.Options) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request);
    }
}

/// <summary>Every scope is there but one.</summary>
internal sealed class TestScopes : IScopeDirectory
{
    public static readonly ScopeId Missing = new(Guid.Parse("01990000-0000-7000-8000-00000000dead"));

    public Task<bool> ExistsAsync(TenantId tenant, ScopeId scope, CancellationToken cancellationToken) => Task.FromResult(scope != Missing);

    public Task<IReadOnlyDictionary<ScopeId, string>> NamesAsync(TenantId tenant, IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<ScopeId, string>>(scopes.Where(scope => scope != Missing).ToDictionary(scope => scope, scope => scope.ToString()));
}
