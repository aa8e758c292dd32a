using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.Roles;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Access.Tokens;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Tenants;

/// <summary>Somebody who keeps the tenants, as the session says; the desk asks the database whether it is so.</summary>
public sealed record OperatorCaller(UserId User, string Name)
{
    /// <returns>Null for who is not signed in, and for a token that was narrowed to some roles.</returns>
    public static OperatorCaller? From(ClaimsPrincipal principal) =>
        Guid.TryParseExact(principal.FindFirstValue(CallerClaims.User), "n", out var user) && principal.FindFirstValue(CallerClaims.OnlyRoles) is null
            ? new OperatorCaller(new UserId(user), principal.FindFirstValue(CallerClaims.Name) ?? "")
            : null;
}

/// <summary>A tenant from outside: nothing of what is in it but how much.</summary>
/// <param name="Members">People and service accounts.</param>
/// <param name="Storage">Bytes of files.</param>
public sealed record TenantView(
    TenantId Id, string Slug, string Name, TenantState State, string? SuspendedBecause, DateTimeOffset CreatedAt, int Members, long Storage, TenantLimits Limits);

/// <param name="AdministratorEmail">Gets an invitation, the one way into a new tenant.</param>
public sealed record CreateTenant(string Name, string Slug, string AdministratorEmail, TenantLimits? Limits = null);

/// <param name="InvitationToken">The secret of the link <c>/invitation/{token}</c>; shown this once.</param>
public sealed record TenantMade(TenantSummary Tenant, string InvitationToken, DateTimeOffset ExpiresAt);

/// <summary>Makes, limits and suspends tenants. An operator sees names and amounts, never what is in a tenant.</summary>
public sealed class OperatorDesk(
    Accounts accounts, TenantDesk tenants, ITenantDb<AccessDbContext> databases, PortalDatabase database, InvitationDesk invitations, TenantBook book, Standings standings, TokenDirectory tokens, TimeProvider time)
{
    private const int MaxReason = 500;

    public async Task<bool> IsOperatorAsync(OperatorCaller? caller, CancellationToken cancellationToken)
    {
        if (caller is null)
            return false;
        await using var db = accounts.Open();
        return await db.Users.AnyAsync(account => account.Id == caller.User.Value && account.IsOperator, cancellationToken);
    }

    /// <summary>All of them, by name.</summary>
    public async Task<Result<ImmutableArray<TenantView>>> ListAsync(OperatorCaller? caller, CancellationToken cancellationToken)
    {
        if (!await IsOperatorAsync(caller, cancellationToken))
            return AccessErrors.OperatorsOnly;
        await using var find = database.System.CreateCommand(
            """
            SELECT tenant_id, count(*)::int, 0::bigint FROM access.memberships GROUP BY tenant_id
            UNION ALL SELECT tenant_id, 0, sum(length)::bigint FROM platform.blobs GROUP BY tenant_id
            """);
        var (counts, storage) = (new Dictionary<TenantId, int>(), new Dictionary<TenantId, long>());
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
            {
                var id = new TenantId(reader.GetGuid(0));
                counts[id] = counts.GetValueOrDefault(id) + reader.GetInt32(1);
                storage[id] = storage.GetValueOrDefault(id) + reader.GetInt64(2);
            }

        await using var db = accounts.Open();
        var rows = await db.Tenants.AsNoTracking().OrderBy(tenant => tenant.Name).ToListAsync(cancellationToken);
        return rows.Select(row => View(row, counts.GetValueOrDefault(row.Id), storage.GetValueOrDefault(row.Id))).ToImmutableArray();
    }

    public async Task<Result<TenantMade>> CreateAsync(OperatorCaller? caller, CreateTenant request, CancellationToken cancellationToken)
    {
        if (!await IsOperatorAsync(caller, cancellationToken))
            return AccessErrors.OperatorsOnly;
        var limits = request.Limits ?? TenantLimits.None;
        if (Check(request, limits) is { } refusal)
            return refusal;
        var created = await tenants.CreateAsync(request.Name, request.Slug, cancellationToken);
        if (!created.IsOk)
            return created.Refusal;
        var actor = new Caller(created.Value.Id, caller!.User, caller.Name); // an operator has been asked for above
        if (limits != TenantLimits.None)
            await ChangeAsync(actor, tenant => Apply(tenant, limits), cancellationToken);
        var invited = await invitations.IssueAsync(actor, new Invite(request.AdministratorEmail, [Role.TenantAdministrator]), cancellationToken);
        return invited.Map(view => new TenantMade(created.Value, view.Token ?? "", view.ExpiresAt));
    }

    /// <summary>Keeps everybody out, tokens included; nothing is deleted. The reason is what members read.</summary>
    public Task<Result<Done>> SuspendAsync(OperatorCaller? caller, TenantId id, string reason, CancellationToken cancellationToken) =>
        new Faults().Text("reason", reason, MaxReason).Refusal is { } refusal
            ? RefusedAsync(caller, refusal, cancellationToken)
            : ApplyAsync(caller, id, tenant =>
            {
                if (tenant.State == TenantState.Suspended)
                    return null;
                (tenant.State, tenant.SuspendedBecause) = (TenantState.Suspended, reason.Trim());
                return new TenantSuspended(reason.Trim());
            }, cancellationToken);

    public Task<Result<Done>> ResumeAsync(OperatorCaller? caller, TenantId id, CancellationToken cancellationToken) => ApplyAsync(caller, id, tenant =>
    {
        if (tenant.State == TenantState.Active)
            return null;
        (tenant.State, tenant.SuspendedBecause) = (TenantState.Active, null);
        return new TenantResumed();
    }, cancellationToken);

    public Task<Result<Done>> LimitAsync(OperatorCaller? caller, TenantId id, TenantLimits limits, CancellationToken cancellationToken) =>
        limits.Check() is { } refusal ? RefusedAsync(caller, refusal, cancellationToken) : ApplyAsync(caller, id, tenant => Apply(tenant, limits), cancellationToken);

    private async Task<Result<Done>> RefusedAsync(OperatorCaller? caller, Refusal refusal, CancellationToken cancellationToken) =>
        await IsOperatorAsync(caller, cancellationToken) ? refusal : AccessErrors.OperatorsOnly;

    private async Task<Result<Done>> ApplyAsync(OperatorCaller? caller, TenantId id, Func<Tenant, DomainEvent?> change, CancellationToken cancellationToken) =>
        await IsOperatorAsync(caller, cancellationToken) ? await ChangeAsync(new Caller(id, caller!.User, caller.Name), change, cancellationToken) : AccessErrors.OperatorsOnly; // asked in the line itself

    private async Task<Result<Done>> ChangeAsync(Caller actor, Func<Tenant, DomainEvent?> change, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        if (await db.Tenants.SingleOrDefaultAsync(row => row.Id == actor.Tenant, cancellationToken) is not { } tenant)
            return new NotFound();
        if (change(tenant) is not { } happened)
            return Done.Instance;
        await db.SaveChangesAsync(cancellationToken);
        await using var trail = databases.Open(actor.Tenant);
        trail.Record(actor, Subjects.Tenant(tenant.Id, tenant.Name), happened, time.GetMicrosecondNow());
        await trail.SaveChangesAsync(cancellationToken);
        book.Forget(tenant.Id);
        tokens.Forget(tenant.Id);
        standings.DoubtAll();
        return Done.Instance;
    }

    private static TenantLimitsSet? Apply(Tenant tenant, TenantLimits limits)
    {
        var before = TenantBook.Limits(tenant);
        (tenant.MaxMembers, tenant.MaxProjects, tenant.MaxStorage, tenant.MaxRequestsPerMinute) = (limits.Members, limits.Projects, limits.Storage, limits.RequestsPerMinute);
        return before == limits ? null : new TenantLimitsSet(before, limits);
    }

    private static Validation? Check(CreateTenant request, TenantLimits limits)
    {
        ImmutableArray<FieldFault> faults =
        [
            .. TenantSlug.Check(request.Name, request.Slug)?.Fields ?? [],
            .. limits.Check()?.Fields ?? [],
            .. AccountDesk.IsEmail(request.AdministratorEmail) ? Array.Empty<FieldFault>() : [new FieldFault("administratorEmail", "access.email_invalid")],
        ];
        return faults.Length == 0 ? null : new Validation("invalid") { Fields = faults };
    }

    private static TenantView View(Tenant row, int members, long storage) =>
        new(row.Id, row.Slug, row.Name, row.State, row.SuspendedBecause, row.CreatedAt, members, storage, TenantBook.Limits(row));
}
