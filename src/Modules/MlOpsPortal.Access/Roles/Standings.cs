using System.Collections.Immutable;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using Npgsql;

namespace MlOpsPortal.Access.Roles;

/// <summary>The standing of every account at work, at most 5 s old.</summary>
public sealed class Standings : IDisposable
{
    private readonly PortalDatabase database;
    private readonly ShortMemory<(TenantId Tenant, UserId User), Standing> memory;
    private readonly IDisposable subscription;

    public Standings(PortalDatabase database, LiveEvents events, TimeProvider time)
    {
        this.database = database;
        memory = new(time, ReadAsync);
        subscription = events.SubscribeAll(Heard);
    }

    internal Task<Standing?> GetAsync(TenantId tenant, UserId user, CancellationToken cancellationToken) => memory.GetAsync((tenant, user)).WaitAsync(cancellationToken);

    /// <summary>After a change made here, so that whoever made it sees it at once.</summary>
    internal void Forget(TenantId tenant, UserId user) => memory.Forget((tenant, user));

    /// <summary>After a tenant was suspended or resumed here: seldom, so everyone is looked at again.</summary>
    internal void DoubtAll() => memory.DoubtAll();

    public void Dispose() => subscription.Dispose();

    private void Heard(LiveEvent happened)
    {
        if (happened == LiveEvent.Reconnected)
            memory.DoubtAll();
        else if (happened.SubjectKind == Subjects.MemberKind && UserId.TryParse(happened.SubjectId, null, out var user))
            memory.Forget((happened.Tenant, user));
        else if (happened.SubjectKind == Subjects.TenantKind)
            DoubtAll();
    }

    private async Task<Standing?> ReadAsync((TenantId Tenant, UserId User) key)
    {
        await using var batch = database.System.CreateBatch();
        batch.Timeout = 5;
        batch.BatchCommands.Add(Command(
            """
            SELECT account.security_stamp, member.roles, tenant.state <> 'Active', tenant.name, tenant.suspended_because
            FROM access.memberships member
            JOIN access.tenants tenant ON tenant.id = member.tenant_id
            JOIN access.accounts account ON account.id = member.user_id
            WHERE member.tenant_id = $1 AND member.user_id = $2 AND NOT member.disabled
            """, key));
        batch.BatchCommands.Add(Command("SELECT scope, roles FROM access.scope_memberships WHERE tenant_id = $1 AND user_id = $2", key));
        await using var reader = await batch.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
            return null;
        var stamp = reader.GetString(0);
        if (reader.GetBoolean(2))
            return new Standing(stamp, [], ImmutableDictionary<ScopeId, ImmutableHashSet<Role>>.Empty, SuspendedTenant.From(reader, 3));
        var roles = Roles(reader, 1);
        var scopes = ImmutableDictionary.CreateBuilder<ScopeId, ImmutableHashSet<Role>>();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
            scopes.Add(new ScopeId(reader.GetGuid(0)), Roles(reader, 1));
        return new Standing(stamp, roles, scopes.ToImmutable());
    }

    private static ImmutableHashSet<Role> Roles(NpgsqlDataReader reader, int column) => [.. reader.GetFieldValue<string[]>(column).Select(Enum.Parse<Role>)];

    private static NpgsqlBatchCommand Command(string sql, (TenantId Tenant, UserId User) key) =>
        new(sql) { Parameters = { new() { Value = key.Tenant.Value }, new() { Value = key.User.Value } } };
}
