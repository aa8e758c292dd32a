using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments.Tests;

/// <summary>Everybody in a tenant may everything, but in hidden projects; who is a "viewer" may not score.</summary>
internal sealed class TestPermissions : IPermissions
{
    public ConcurrentDictionary<ScopeId, bool> Hidden { get; } = new();

    public Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken) => Task.FromResult<Result<Done>>(Done.Instance);

    public Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Done>>(Hidden.ContainsKey(scope) ? new NotFound() : caller.Name == "viewer" && permission != DeploymentsPermissions.View ? new Forbidden("forbidden", "x") : Done.Instance);

    public Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken) => Task.FromResult(new VisibleScopes(All: true, []));

    public Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken) => Task.FromResult(ImmutableHashSet<Role>.Empty);

    public void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now)
    {
        // Nobody is a member of anything here.
    }
}

/// <summary>Versions as the registry would give them.</summary>
internal sealed class TestRegistry : IModelRegistry
{
    public ConcurrentDictionary<ModelVersionId, ServableModel> Versions { get; } = new();

    public Task<Result<ServableModel>> GetReadyAsync(Caller caller, ModelVersionId version, CancellationToken cancellationToken) =>
        Task.FromResult<Result<ServableModel>>(Versions.TryGetValue(version, out var found) ? found : new NotFound());

    public Task DownloadAsync(TenantId tenant, StoredFile file, string path, CancellationToken cancellationToken) => throw new NotSupportedException("Deployments read files by themselves.");
}

/// <summary>Approvals by version; a sandbox needs none.</summary>
internal sealed class TestApprovals : IReleaseApprovals
{
    public ConcurrentDictionary<ModelVersionId, ReleaseApproval> Given { get; } = new();

    public Task<Result<ReleaseApproval?>> DemandAsync(Caller caller, ModelVersionId version, ReleaseEnvironment environment, CancellationToken cancellationToken) => Task.FromResult(
        environment == ReleaseEnvironment.Sandbox ? new Result<ReleaseApproval?> { Value = null }
        : Given.TryGetValue(version, out var approval) ? approval
        : new Conflict("deployments.needs_approval", "1"));
}

/// <summary>Files from memory; a file may be held back until it is let go.</summary>
internal sealed class TestFiles : IModelFiles
{
    public ConcurrentDictionary<string, byte[]> BySha { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, TaskCompletionSource> HeldBack { get; } = new(StringComparer.Ordinal);

    public async Task<byte[]> ReadAsync(TenantId tenant, ServableFile file, CancellationToken cancellationToken)
    {
        if (HeldBack.TryGetValue(file.Sha256, out var gate))
            await gate.Task.WaitAsync(cancellationToken);
        return BySha[file.Sha256];
    }
}

/// <summary>Signs in whoever the header names: tenant and name.</summary>
internal sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "X-Test-Caller";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header].ToString().Split('/') is not [var tenant, var user, var name])
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new(CallerClaims.Tenant, tenant), new(CallerClaims.User, user), new(CallerClaims.Name, name)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
