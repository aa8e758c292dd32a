using System.Collections.Immutable;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Access.Roles;

/// <summary>Answers by membership. What is refused to a member is written to the audit trail; what is hidden is not even that.</summary>
internal sealed class MemberPermissions(Standings standings, ITenantDb<AccessDbContext> databases, RoleWords words, IScopeDirectory scopes, TimeProvider time) : IPermissions
{
    private static readonly VisibleScopes Nothing = new(All: false, []);

    public async Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken)
    {
        if (caller.IsPortal)
            return Done.Instance;
        var standing = await standings.GetAsync(caller.Tenant, caller.User, cancellationToken);
        if (standing?.Suspended is { } suspended)
            return suspended.Refusal;
        return await JudgeAsync(caller, permission, null, standing?.InTenant(caller.OnlyRoles) ?? [], cancellationToken);
    }

    public async Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken)
    {
        if (caller.IsPortal)
            return Done.Instance;
        var standing = await standings.GetAsync(caller.Tenant, caller.User, cancellationToken);
        if (standing?.Suspended is { } suspended)
            return suspended.Refusal;
        if (standing?.In(scope, caller.OnlyRoles) is not { } roles)
            return new NotFound();
        if (!standing.IsMember(scope) && !await scopes.ExistsAsync(caller.Tenant, scope, cancellationToken))
            return new NotFound();
        return await JudgeAsync(caller, permission, scope, roles, cancellationToken);
    }

    public async Task<bool> MayAsync(Caller caller, Permission permission, CancellationToken cancellationToken) =>
        caller.IsPortal || (await standings.GetAsync(caller.Tenant, caller.User, cancellationToken))?.InTenant(caller.OnlyRoles) is { } roles && permission.Roles.Any(roles.Contains);

    public async Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (caller.IsPortal)
            return new VisibleScopes(All: true, []);
        return (await standings.GetAsync(caller.Tenant, caller.User, cancellationToken))?.Visible(caller.OnlyRoles) ?? Nothing;
    }

    public async Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken)
    {
        if (caller.IsPortal)
            return [.. Permission.Everyone];
        return (await standings.GetAsync(caller.Tenant, caller.User, cancellationToken))?.In(scope, caller.OnlyRoles) ?? [];
    }

    public void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now)
    {
        if (caller.IsPortal)
            return;
        unit.Record(caller, Subjects.Member(caller.User, caller.Name, scope), new ScopeMemberJoined([]), now);
        // As a statement: the unit of work is another module's and does not know this table.
        unit.Beside(
            $"INSERT INTO access.scope_memberships (tenant_id, scope, user_id, roles, version, joined_at) VALUES ({unit.Tenant.Value}, {scope.Value}, {caller.User.Value}, '{{}}', 1, {now})",
            () => standings.Forget(caller.Tenant, caller.User));
    }

    private async Task<Result<Done>> JudgeAsync(Caller caller, Permission permission, ScopeId? scope, ImmutableHashSet<Role> roles, CancellationToken cancellationToken)
    {
        if (permission.Roles.Any(roles.Contains))
            return Done.Instance;
        await using var db = databases.Open(caller.Tenant);
        db.Record(caller, Subjects.Permission(permission, scope), new AttemptRefused(permission.Name, permission.Roles), time.GetMicrosecondNow());
        await db.SaveChangesAsync(cancellationToken);
        return new Forbidden("forbidden", words.Of(permission.Roles));
    }
}
