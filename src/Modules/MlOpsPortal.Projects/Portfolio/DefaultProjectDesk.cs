using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using Npgsql;

namespace MlOpsPortal.Projects.Portfolio;

/// <summary>The project of a tenant for what comes without naming one (experiments of MLflow's clients). Made by the portal at first use; whoever may use it
/// becomes a member at her own first use. Nothing is hidden in it from those who log.</summary>
public sealed class DefaultProjectDesk
{
    /// <summary>The same in every tenant.</summary>
    public static readonly ProjectId Id = new(new Guid("00000000-0000-7000-8000-0000000000d1"));
    private const string Name = "Unsorted experiments";
    private const string Summary = "Experiments that were logged without naming a project. Move each to its project from its page.";
    private readonly IGrainFactory grains;
    private readonly ITenantDb<ProjectsDbContext> databases;
    private readonly IPermissions permissions;
    private readonly TimeProvider time;

    internal DefaultProjectDesk(IGrainFactory grains, ITenantDb<ProjectsDbContext> databases, IPermissions permissions, TimeProvider time) =>
        (this.grains, this.databases, this.permissions, this.time) = (grains, databases, permissions, time);

    /// <summary>The project, with the caller in it.</summary>
    /// <param name="needed">What she comes to do: without a role for it in the tenant she does not become a member.</param>
    /// <returns>NotFound for who has no such role and is no member.</returns>
    public async Task<Result<ProjectId>> JoinAsync(Caller caller, Permission needed, CancellationToken cancellationToken)
    {
        if (await IsInAsync(caller, cancellationToken))
            return Id;
        if (!await permissions.MayAsync(caller, needed, cancellationToken))
            return new NotFound();
        if (await MakeAsync(caller, cancellationToken) is { } refusal)
            return refusal;
        if (!await IsInAsync(caller, cancellationToken))
            await JoinAsync(caller, cancellationToken);
        return Id;
    }

    private async Task<bool> IsInAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!(await permissions.VisibleScopesAsync(caller, cancellationToken)).Contains(Id.Scope))
            return false;
        return (await grains.GetGrain<IProjectGrain>(caller, Id.Value).Read(cancellationToken)).IsOk;
    }

    /// <returns>Null when it is there.</returns>
    private async Task<Refusal?> MakeAsync(Caller caller, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IProjectGrain>(caller, Id.Value);
        for (var attempt = 1; ; attempt++)
        {
            if ((await grain.Read(cancellationToken)).IsOk)
                return null;
            var name = attempt == 1 ? Name : $"{Name} ({attempt})";
            var made = await grain.Apply(Caller.Portal(caller.Tenant), new CreateProject(Id, name, Summary), expectedVersion: null, cancellationToken);
            if (made.IsOk)
                return null;
            if (made.Refusal.Code != ProjectsErrors.NameTaken().Code || attempt == 10)
                return made.Refusal;
        }
    }

    private async Task JoinAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var unit = databases.Open(caller.Tenant);
        permissions.Join(unit, caller, Id.Scope, time.GetMicrosecondNow());
        try
        {
            await unit.SaveChangesAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another request of hers was first: she is in.
        }
    }
}
