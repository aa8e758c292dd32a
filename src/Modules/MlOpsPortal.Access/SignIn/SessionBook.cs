using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Access.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Access.SignIn;

/// <summary>A session that is open, as the cookie's check needs it.</summary>
internal sealed record OpenSession(Guid Account);

/// <summary>A browser of one's own.</summary>
/// <param name="Current">The one that asks.</param>
public sealed record SessionView(Guid Id, string? Browser, string? Address, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, bool Current);

/// <summary>Which browsers are signed in. Ending one counts within 5 s everywhere, here at once.</summary>
public sealed class SessionBook
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);
    private readonly Accounts accounts;
    private readonly PortalDatabase database;
    private readonly TimeProvider time;
    private readonly ShortMemory<Guid, OpenSession> memory;

    public SessionBook(Accounts accounts, PortalDatabase database, TimeProvider time)
    {
        (this.accounts, this.database, this.time) = (accounts, database, time);
        memory = new(time, ReadAsync);
    }

    /// <summary>One's own, the last used first.</summary>
    public async Task<ImmutableArray<SessionView>> OfAsync(UserId user, ClaimsPrincipal? current, CancellationToken cancellationToken)
    {
        var (here, oldest) = (IdOf(current), time.GetMicrosecondNow() - Longest);
        await using var db = accounts.Open();
        var rows = await db.Sessions.AsNoTracking().Where(row => row.AccountId == user.Value && row.LastSeenAt > oldest).OrderByDescending(row => row.LastSeenAt).Take(100).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SessionView(row.Id, row.Browser, row.Address, row.StartedAt, row.LastSeenAt, row.Id == here))];
    }

    /// <returns>False when it was no open session of hers.</returns>
    public async Task<bool> EndAsync(UserId user, Guid session, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        var ended = await db.Sessions.Where(row => row.Id == session && row.AccountId == user.Value).ExecuteDeleteAsync(cancellationToken);
        memory.Forget(session);
        return ended > 0;
    }

    /// <returns>How many were ended.</returns>
    public async Task<int> EndOthersAsync(UserId user, ClaimsPrincipal current, CancellationToken cancellationToken)
    {
        var here = IdOf(current);
        await using var db = accounts.Open();
        var ended = await db.Sessions.Where(row => row.AccountId == user.Value && row.Id != here).ExecuteDeleteAsync(cancellationToken);
        memory.ForgetWhere(session => session.Account == user.Value);
        return ended;
    }

    internal async Task EndAllAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var db = accounts.Open();
        await db.Sessions.Where(row => row.AccountId == user.Value).ExecuteDeleteAsync(cancellationToken);
        memory.ForgetWhere(session => session.Account == user.Value);
    }

    internal static Guid? IdOf(ClaimsPrincipal? principal) => Guid.TryParseExact(principal?.FindFirstValue(AccessClaims.Session), "n", out var id) ? id : null;

    internal Task<OpenSession?> FindAsync(Guid session, CancellationToken cancellationToken) => memory.GetAsync(session).WaitAsync(cancellationToken);

    /// <summary>Opens a session for a person who has just shown who she is, or goes on with the one she has; the principal then names it.</summary>
    internal async Task<ClaimsPrincipal> OpenAsync(HttpContext context, ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var account = Guid.ParseExact(who.FindFirstValue(CallerClaims.User) ?? "", "n");
        if (IdOf(context.User) is { } before && await FindAsync(before, cancellationToken) is { } known && known.Account == account)
            return Named(who, before);
        var now = time.GetMicrosecondNow();
        var session = new Session
        {
            Id = Guid.NewGuid(), AccountId = account, StartedAt = now, LastSeenAt = now,
            Browser = Cut(context.Request.Headers.UserAgent.ToString()), Address = context.Connection.RemoteIpAddress?.ToString(),
        };
        await using var db = accounts.Open();
        await db.Sessions.Where(row => row.AccountId == account && row.LastSeenAt < now - Longest).ExecuteDeleteAsync(cancellationToken);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return Named(who, session.Id);
    }

    private async Task<OpenSession?> ReadAsync(Guid id)
    {
        var now = time.GetMicrosecondNow();
        await using var find = database.System.CreateCommand("SELECT account_id, last_seen_at FROM access.sessions WHERE id = $1 AND last_seen_at > $2");
        find.CommandTimeout = 5;
        find.Parameters.Add(new NpgsqlParameter { Value = id });
        find.Parameters.Add(new NpgsqlParameter { Value = now - Longest });
        OpenSession found;
        DateTimeOffset seen;
        await using (var reader = await find.ExecuteReaderAsync())
        {
            if (!await reader.ReadAsync())
                return null;
            (found, seen) = (new OpenSession(reader.GetGuid(0)), reader.GetFieldValue<DateTimeOffset>(1));
        }

        if (now - seen < Noted)
            return found;
        await using var note = database.System.CreateCommand("UPDATE access.sessions SET last_seen_at = $2 WHERE id = $1");
        note.Parameters.Add(new NpgsqlParameter { Value = id });
        note.Parameters.Add(new NpgsqlParameter { Value = now });
        try
        {
            await note.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            // The session is open; that it was seen is noted the next time.
        }

        return found;
    }

    private static ClaimsPrincipal Named(ClaimsPrincipal who, Guid session)
    {
        var identity = new ClaimsIdentity(who.Identity);
        identity.AddClaim(new Claim(AccessClaims.Session, session.ToString("n")));
        return new ClaimsPrincipal(identity);
    }

    private static string? Cut(string text)
    {
        var plain = new string([.. text.Where(character => !char.IsControl(character)).Take(200)]);
        return plain.Length == 0 ? null : plain;
    }
}
