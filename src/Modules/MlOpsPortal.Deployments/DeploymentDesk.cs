using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Deployments;

/// <summary>Opens an endpoint.</summary>
/// <param name="Name">Part of the address: lower-case letters, digits and hyphens, up to 63.</param>
/// <param name="Model">Its versions may be released here, no other model's.</param>
/// <param name="WhenSpoolFull">Refuse when not given.</param>
/// <param name="LatencyBudgetMs">20 when not given.</param>
public sealed record NewDeployment(ProjectId Project, string Name, ReleaseEnvironment Environment, ModelId Model, WhenSpoolFull? WhenSpoolFull = null, double? LatencyBudgetMs = null);

/// <summary>A deployment in a list.</summary>
/// <param name="LiveVersion">Number of the model version that answers; null while none does.</param>
public sealed record DeploymentSummary(
    DeploymentId Id, ProjectId Project, string Name, ReleaseEnvironment Environment, ModelId Model, int? LiveVersion, bool IsOff, bool IsLoading, DateTimeOffset UpdatedAt);

/// <summary>Every use case of deployments.</summary>
public sealed class DeploymentDesk
{
    private readonly IGrainFactory grains;
    private readonly IPermissions permissions;
    private readonly IModelRegistry models;
    private readonly IReleaseApprovals approvals;
    private readonly ITenantDb<DeploymentsDbContext> databases;
    private readonly ServingRuntime runtime;
    private readonly TimeProvider time;

    internal DeploymentDesk(
        IGrainFactory grains, IPermissions permissions, IModelRegistry models, IReleaseApprovals approvals, ITenantDb<DeploymentsDbContext> databases, ServingRuntime runtime, TimeProvider time) =>
        (this.grains, this.permissions, this.models, this.approvals, this.databases, this.runtime, this.time) = (grains, permissions, models, approvals, databases, runtime, time);

    public async Task<Result<Versioned<Deployment>>> CreateAsync(Caller caller, NewDeployment request, CancellationToken cancellationToken)
    {
        var command = new CreateDeployment(
            Id.New<DeploymentId>(time.GetUtcNow()), request.Project, request.Name, request.Environment, request.Model, request.WhenSpoolFull, request.LatencyBudgetMs);
        var allowed = await permissions.DemandAsync(caller, request.Project.Scope, command.Permission, cancellationToken);
        return allowed.IsOk ? await SendAsync(caller, command.Id, command, expectedVersion: null, cancellationToken) : allowed.Refusal;
    }

    public Task<Result<Versioned<Deployment>>> GetAsync(Caller caller, DeploymentId id, CancellationToken cancellationToken) =>
        OpenAsync(caller, id, DeploymentsPermissions.View, cancellationToken);

    /// <summary>By the name in its address.</summary>
    public async Task<Result<Versioned<Deployment>>> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var id = await db.Deployments.AsNoTracking().Where(row => row.Name == name && row.ArchivedAt == null).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        return id is { } found ? await GetAsync(caller, new DeploymentId(found), cancellationToken) : new NotFound();
    }

    /// <summary>The deployments of a project, or of all projects that the caller may know of, by name.</summary>
    public async Task<Result<Page<DeploymentSummary>>> ListAsync(Caller caller, ProjectId? project, PageRequest page, CancellationToken cancellationToken)
    {
        if (project is { } one && await permissions.DemandAsync(caller, one.Scope, DeploymentsPermissions.View, cancellationToken) is { IsOk: false } denied)
            return denied.Refusal;
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Deployments.AsNoTracking().Where(row => row.ArchivedAt == null);
        if (project is not null)
            rows = rows.Where(row => row.ProjectId == project);
        else if (!visible.All)
        {
            ImmutableArray<ProjectId> scopes = [.. visible.Scopes.Select(scope => new ProjectId(scope))];
            rows = rows.Where(row => scopes.Contains(row.ProjectId));
        }

        if (Cursors.Read(page.Cursor)?.Split('\n') is [var name, var idText] && Guid.TryParseExact(idText, "n", out var last))
            rows = rows.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.Name, row.Id), ValueTuple.Create(name, last)));
        var found = await rows.OrderBy(row => row.Name).ThenBy(row => row.Id).Take(page.Limit + 1)
            .Select(row => new DeploymentSummary(
                new DeploymentId(row.Id), row.ProjectId, row.Name, row.Environment, row.ModelId, row.LiveVersion, row.IsOff, row.IsLoading, row.UpdatedAt))
            .ToListAsync(cancellationToken);
        return page.Cut(found, row => $"{row.Name}\n{row.Id}");
    }

    /// <summary>Begins to let a version answer: it goes live once it is loaded and warm, or fails with a reason.</summary>
    public async Task<Result<Versioned<Deployment>>> ReleaseAsync(Caller caller, DeploymentId id, ModelVersionId version, long? expectedVersion, CancellationToken cancellationToken)
    {
        var deployment = await OpenAsync(caller, id, DeploymentsPermissions.Release, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        var ready = await models.GetReadyAsync(caller, version, cancellationToken);
        if (!ready.IsOk)
            return ready.Refusal;
        var approval = await approvals.DemandAsync(caller, version, deployment.Value.State.Environment, cancellationToken);
        return approval.Refusal is { } refused
            ? refused
            : await SendAsync(caller, id, new ReleaseVersion(Id.New<ReleaseId>(time.GetUtcNow()), ServableVersion.Of(ready.Value), approval.Value), expectedVersion, cancellationToken);
    }

    /// <summary>Goes back to the version that was live before.</summary>
    public Task<Result<Versioned<Deployment>>> RollBackAsync(Caller caller, DeploymentId id, string reason, long? expectedVersion, CancellationToken cancellationToken) =>
        ApplyAsync(caller, id, new RollBack(Id.New<ReleaseId>(time.GetUtcNow()), reason), expectedVersion, cancellationToken);

    /// <summary>Carries out a command on an existing deployment.</summary>
    public async Task<Result<Versioned<Deployment>>> ApplyAsync(Caller caller, DeploymentId id, DeploymentCommand command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var deployment = await OpenAsync(caller, id, command.Permission, cancellationToken);
        return deployment.IsOk ? await SendAsync(caller, id, command, expectedVersion, cancellationToken) : deployment.Refusal;
    }

    private async Task<Result<Versioned<Deployment>>> SendAsync(Caller caller, DeploymentId id, Command<Deployment> command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var applied = await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken);
        if (applied.IsOk)
            runtime.Touch(caller.Tenant, id); // other processes hear of it by its event
        return applied;
    }

    private async Task<Result<Versioned<Deployment>>> OpenAsync(Caller caller, DeploymentId id, Permission permission, CancellationToken cancellationToken)
    {
        var deployment = await Grain(caller, id).Read(cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        var allowed = await permissions.DemandAsync(caller, deployment.Value.State.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? deployment : allowed.Refusal;
    }

    private IDeploymentGrain Grain(Caller caller, DeploymentId id) => grains.GetGrain<IDeploymentGrain>(caller, id.Value);
}
