using System.Collections.Concurrent;
using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Tests;

/// <summary>People with the roles that a test gives them, members of the projects that they made or were let into.</summary>
internal sealed class TestPermissions : IPermissions
{
    private readonly ConcurrentDictionary<UserId, ImmutableArray<Role>> roles = new();
    private readonly ConcurrentDictionary<(UserId, ScopeId), bool> members = new();

    public void Give(Caller caller, params ImmutableArray<Role> given) => roles[caller.User] = given;

    public void Admit(Caller caller, ScopeId scope) => members[(caller.User, scope)] = true;

    public Task<Result<Done>> DemandAsync(Caller caller, Permission permission, CancellationToken cancellationToken) => Task.FromResult(Decide(caller, permission));

    public Task<Result<Done>> DemandAsync(Caller caller, ScopeId scope, Permission permission, CancellationToken cancellationToken) =>
        Task.FromResult(members.ContainsKey((caller.User, scope)) ? Decide(caller, permission) : new NotFound());

    public Task<VisibleScopes> VisibleScopesAsync(Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult(new VisibleScopes(All: false, [.. members.Keys.Where(member => member.Item1 == caller.User).Select(member => member.Item2.Value)]));

    public Task<ImmutableHashSet<Role>> RolesAsync(Caller caller, ScopeId scope, CancellationToken cancellationToken) =>
        Task.FromResult(members.ContainsKey((caller.User, scope)) ? roles.GetValueOrDefault(caller.User, []).ToImmutableHashSet() : []);

    public void Join(TenantDbContext unit, Caller caller, ScopeId scope, DateTimeOffset now) => unit.Beside($"SELECT 1", () => Admit(caller, scope));

    private Result<Done> Decide(Caller caller, Permission permission) =>
        roles.GetValueOrDefault(caller.User, []).Any(role => permission.Roles.Contains(role)) ? Done.Instance : new Forbidden("forbidden", permission.Name);
}
