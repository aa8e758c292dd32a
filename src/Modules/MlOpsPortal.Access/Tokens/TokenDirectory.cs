using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Access.Tenants;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Access.Tokens;

/// <summary>A token that is in force, with the answer that the authentication gives for it.</summary>
/// <param name="Suspended">The tenant is: its name and what the operator says. The token then opens nothing.</param>
internal sealed record TokenGrant(TokenId Id, TenantId Tenant, UserId User, DateTimeOffset ExpiresAt, AuthenticateResult Success, SuspendedTenant? Suspended = null);

/// <summary>Finds tokens by their hash, at most 5 s after what the database says. A known token costs one SHA-256 and one dictionary lookup.</summary>
public sealed class TokenDirectory : IDisposable
{
    private readonly PortalDatabase database;
    private readonly TimeProvider time;
    private readonly ShortMemory<TokenHash, TokenGrant> memory;
    private readonly IDisposable subscription;

    public TokenDirectory(PortalDatabase database, LiveEvents events, TimeProvider time)
    {
        (this.database, this.time) = (database, time);
        memory = new(time, ReadAsync);
        subscription = events.SubscribeAll(Heard);
    }

    /// <returns>Null for what is no token, unknown, expired, revoked, or of somebody who has no standing in the tenant.</returns>
    internal async ValueTask<TokenGrant?> FindAsync(string header, Range token)
    {
        var text = header.AsSpan()[token];
        if (text.Length != TokenText.Length)
            return null;
        // The checksum is part of what is hashed; asking for it again would cost a second hash on every request.
        var grant = await memory.GetAsync(TokenHash.Of(text));
        return grant is not null && grant.ExpiresAt > time.GetUtcNow() ? grant : null;
    }

    internal void Forget(TokenId id) => memory.ForgetWhere(grant => grant.Id == id);

    internal void Forget(TenantId tenant, UserId user) => memory.ForgetWhere(grant => grant.User == user && grant.Tenant == tenant);

    internal void Forget(TenantId tenant) => memory.ForgetWhere(grant => grant.Tenant == tenant);

    public void Dispose() => subscription.Dispose();

    private void Heard(LiveEvent happened)
    {
        if (happened == LiveEvent.Reconnected)
            memory.DoubtAll();
        else if (happened.SubjectKind == Subjects.TokenKind && TokenId.TryParse(happened.SubjectId, null, out var id))
            Forget(id);
        else if (happened.SubjectKind == Subjects.MemberKind && UserId.TryParse(happened.SubjectId, null, out var user))
            Forget(happened.Tenant, user);
        else if (happened.SubjectKind == Subjects.TenantKind)
            Forget(happened.Tenant);
    }

    private async Task<TokenGrant?> ReadAsync(TokenHash hash)
    {
        await using var find = database.System.CreateCommand(
            """
            SELECT token.id, token.tenant_id, token.user_id, token.expires_at, token.roles, account.name, token.last_used_at, tenant.state <> 'Active', tenant.name, tenant.suspended_because, tenant.slug
            FROM access.tokens token
            JOIN access.memberships member ON member.tenant_id = token.tenant_id AND member.user_id = token.user_id AND NOT member.disabled
            JOIN access.tenants tenant ON tenant.id = token.tenant_id
            JOIN access.accounts account ON account.id = token.user_id
            WHERE token.hash = $1 AND token.revoked_at IS NULL
            """);
        find.CommandTimeout = 5;
        find.Parameters.Add(new NpgsqlParameter { Value = hash.ToArray() });
        TokenGrant grant;
        DateTimeOffset? lastUsed;
        await using (var reader = await find.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
                return null;
            (grant, lastUsed) = (Read(reader), reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6));
            if (reader.GetBoolean(7))
                return grant with { Suspended = SuspendedTenant.From(reader, 8) };
        }

        try
        {
            await NoteUseAsync(grant, lastUsed);
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            // The token is in force; that it was used is noted the next time.
        }

        return grant;
    }

    private static TokenGrant Read(NpgsqlDataReader reader)
    {
        var (tenant, user) = (new TenantId(reader.GetGuid(1)), new UserId(reader.GetGuid(2)));
        List<Claim> claims = [new(CallerClaims.Tenant, tenant.ToString()), new(CallerClaims.TenantSlug, reader.GetString(10)), new(CallerClaims.User, user.ToString()), new(CallerClaims.Name, reader.GetString(5))];
        if (!reader.IsDBNull(4))
            claims.Add(new Claim(CallerClaims.OnlyRoles, string.Join(',', reader.GetFieldValue<string[]>(4))));
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, AccessSchemes.Token));
        return new TokenGrant(
            new(reader.GetGuid(0)), tenant, user, reader.GetFieldValue<DateTimeOffset>(3), AuthenticateResult.Success(new AuthenticationTicket(principal, AccessSchemes.Token)));
    }

    private async Task NoteUseAsync(TokenGrant grant, DateTimeOffset? lastUsed)
    {
        var now = time.GetMicrosecondNow();
        if (now - lastUsed < TimeSpan.FromMinutes(1))
            return;
        await using var note = database.System.CreateCommand("UPDATE access.tokens SET last_used_at = greatest($3, last_used_at, created_at) WHERE tenant_id = $1 AND id = $2");
        note.Parameters.Add(new NpgsqlParameter { Value = grant.Tenant.Value });
        note.Parameters.Add(new NpgsqlParameter { Value = grant.Id.Value });
        note.Parameters.Add(new NpgsqlParameter { Value = now });
        await note.ExecuteNonQueryAsync();
    }
}
