using System.Collections.Immutable;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using Npgsql;

namespace MlOpsPortal.Access.Members;

/// <summary>Who can be told something: the people of a tenant or of a scope, as they are now. Read as the system role, since names and addresses are global.</summary>
internal sealed class People(PortalDatabase database) : IPeople
{
    public async Task<ImmutableArray<Addressee>> WhoSeesAsync(TenantId tenant, ScopeId? scope, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            SELECT account.id, account.name, account.email, member.roles, here.roles
            FROM access.memberships member
            JOIN access.tenants tenant ON tenant.id = member.tenant_id AND tenant.state = 'Active'
            JOIN access.accounts account ON account.id = member.user_id AND account.kind = 'Person'
            LEFT JOIN access.scope_memberships here ON here.tenant_id = member.tenant_id AND here.user_id = member.user_id AND here.scope = $2
            WHERE member.tenant_id = $1 AND NOT member.disabled AND ($2 IS NULL OR here.user_id IS NOT NULL OR 'TenantAdministrator' = ANY (member.roles))
            ORDER BY account.name, account.id LIMIT 1000
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var people = ImmutableArray.CreateBuilder<Addressee>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var here = reader.IsDBNull(4) ? null : Roles(reader, 4);
            var isMember = scope is null || here is not null;
            var inTenant = Roles(reader, 3);
            people.Add(new Addressee(
                new UserId(reader.GetGuid(0)), reader.GetString(1), reader.IsDBNull(2) ? "" : reader.GetString(2),
                isMember ? inTenant.Union(here ?? []) : [Role.TenantAdministrator], isMember));
        }

        return people.ToImmutable();
    }

    public async Task<string?> SlugAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand("SELECT slug FROM access.tenants WHERE id = $1 AND state = 'Active'");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Value });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static ImmutableHashSet<Role> Roles(NpgsqlDataReader reader, int column) => [.. reader.GetFieldValue<string[]>(column).Select(Enum.Parse<Role>)];
}
