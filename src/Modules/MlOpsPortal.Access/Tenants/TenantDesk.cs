using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Members;
using MlOpsPortal.Access.SignIn;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Access.Tenants;

/// <summary>A tenant as its members know it.</summary>
public sealed record TenantSummary(TenantId Id, string Slug, string Name);

/// <summary>Makes tenants and finds those of an account. No endpoint leads to <see cref="CreateAsync"/>: the operator's verbs and the demo do.</summary>
public sealed class TenantDesk(Accounts accounts, ITenantDb<AccessDbContext> databases, PortalDatabase database, TimeProvider time)
{
    public async Task<Result<TenantSummary>> CreateAsync(string name, string slug, CancellationToken cancellationToken)
    {
        if (TenantSlug.Check(name, slug) is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        var tenant = new Tenant { Id = Id.New<TenantId>(now), Slug = slug, Name = name.Trim().Normalize(), CreatedAt = now };
        await using var db = accounts.Open();
        db.Tenants.Add(tenant);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { ConstraintName: AccountsDbContext.SlugIndex })
        {
            return AccessErrors.SlugTaken;
        }

        await using var trail = databases.Open(tenant.Id);
        trail.Record(Caller.Portal(tenant.Id), Subjects.Tenant(tenant.Id, tenant.Name), new TenantCreated(slug, tenant.Name), now);
        await trail.SaveChangesAsync(cancellationToken);
        return new TenantSummary(tenant.Id, slug, tenant.Name);
    }

    /// <returns>Null when there is none of that name in its address.</returns>
    public async Task<TenantSummary?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        return await db.Tenants.Where(tenant => tenant.Slug == slug).Select(tenant => new TenantSummary(tenant.Id, tenant.Slug, tenant.Name)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The tenants where an account may work now, by name.</summary>
    public async Task<ImmutableArray<TenantSummary>> OfAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            SELECT tenant.id, tenant.slug, tenant.name FROM access.memberships member JOIN access.tenants tenant ON tenant.id = member.tenant_id
            WHERE member.user_id = $1 AND NOT member.disabled AND tenant.state = 'Active' ORDER BY tenant.name, tenant.id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = user.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = ImmutableArray.CreateBuilder<TenantSummary>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(new(new(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2)));
        return tenants.ToImmutable();
    }

    /// <summary>In how many tenants an account is a member, kept out and suspended ones included.</summary>
    internal async Task<int> CountAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand("SELECT count(*)::int FROM access.memberships WHERE user_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = user.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is int count ? count : 0;
    }

    /// <summary>The suspended tenants of an account, with what the operator says about it.</summary>
    public async Task<ImmutableArray<SuspendedTenant>> SuspendedOfAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.System.CreateCommand(
            """
            SELECT tenant.name, tenant.suspended_because FROM access.memberships member JOIN access.tenants tenant ON tenant.id = member.tenant_id
            WHERE member.user_id = $1 AND tenant.state = 'Suspended' ORDER BY tenant.name, tenant.id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = user.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = ImmutableArray.CreateBuilder<SuspendedTenant>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
        return found.ToImmutable();
    }

    /// <summary>Makes an account a member, as the portal itself; for the bootstrap and the demo. Nothing happens when it is one.</summary>
    public async Task<Result<Done>> AddMemberAsync(TenantId tenant, Account account, ImmutableArray<Role> roles, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(tenant);
        if (await db.Memberships.AnyAsync(member => member.UserId == account.UserId, cancellationToken))
            return Done.Instance;
        db.Memberships.Add(new Membership { UserId = account.UserId, Kind = account.Kind, Roles = [.. roles.Distinct().Order()], JoinedAt = now });
        db.Record(Caller.Portal(tenant), Subjects.Member(account.UserId, account.Name), new MemberJoined(account.Name, roles), now);
        await db.SaveChangesAsync(cancellationToken);
        return Done.Instance;
    }
}
