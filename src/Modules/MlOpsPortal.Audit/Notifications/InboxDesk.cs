using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Notifications;

/// <summary>A line of the inbox.</summary>
/// <param name="Kind">For the icon: mention, signOff, approval, decision, alert, task, job…</param>
/// <param name="Href">Where to go, below <c>/t/{tenant}</c>.</param>
public sealed record Notification(NotificationId Id, string Kind, string Title, string? Detail, string Href, ScopeId? Project, DateTimeOffset At, bool Read);

/// <param name="MailConfigured">False: the portal has no mail server, and nothing is sent whatever the wish.</param>
public sealed record InboxSettings(MailWish Mail, bool MailConfigured);

/// <param name="Count">At most <see cref="InboxDesk.MostCounted"/>.</param>
public sealed record Unread(int Count);

/// <summary>A person's own inbox. What is about a project that she no longer sees is not shown.</summary>
public sealed class InboxDesk
{
    public const int MostCounted = 100;

    /// <summary>The subject kind of the live event that tells an inbox to look again; its subject id is the person.</summary>
    public const string LiveKind = "inbox";
    private readonly ITenantDb<AuditDbContext> databases;
    private readonly IPermissions permissions;
    private readonly IMailer mailer;
    private readonly TimeProvider time;

    internal InboxDesk(ITenantDb<AuditDbContext> databases, IPermissions permissions, IMailer mailer, TimeProvider time) =>
        (this.databases, this.permissions, this.mailer, this.time) = (databases, permissions, mailer, time);

    public async Task<Unread> UnreadAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return new Unread(await (await OwnAsync(db, caller, cancellationToken)).Where(row => row.ReadAt == null).Take(MostCounted).CountAsync(cancellationToken));
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<Notification>> ListAsync(Caller caller, bool unreadOnly, string? kind, PageRequest page, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var rows = await OwnAsync(db, caller, cancellationToken);
        if (unreadOnly)
            rows = rows.Where(row => row.ReadAt == null);
        if (kind is not null)
            rows = rows.Where(row => row.Kind == kind);
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => ((Guid)(object)row.Id).CompareTo(last) < 0);
        var found = await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1)
            .Select(row => new Notification(row.Id, row.Kind, row.Title, row.Detail, row.Href, row.Scope, row.At, row.ReadAt != null)).ToListAsync(cancellationToken);
        return page.Cut(found, row => row.Id.ToString());
    }

    /// <summary>Reading twice is reading once.</summary>
    public async Task<Result<Done>> ReadAsync(Caller caller, NotificationId id, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        var own = db.Notifications.Where(row => row.UserId == caller.User && row.Id == id);
        if (!await own.AnyAsync(cancellationToken))
            return new NotFound();
        await own.Where(row => row.ReadAt == null).ExecuteUpdateAsync(row => row.SetProperty(own => own.ReadAt, now), cancellationToken);
        await NotificationRelay.AnnounceAsync(db, caller.User, cancellationToken);
        return Done.Instance;
    }

    public async Task<Done> ReadAllAsync(Caller caller, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        await db.Notifications.Where(row => row.UserId == caller.User && row.ReadAt == null).ExecuteUpdateAsync(row => row.SetProperty(own => own.ReadAt, now), cancellationToken);
        await NotificationRelay.AnnounceAsync(db, caller.User, cancellationToken);
        return Done.Instance;
    }

    public async Task<InboxSettings> SettingsAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var wish = await db.MailWishes.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == caller.User, cancellationToken);
        return new InboxSettings(wish?.Wish ?? MailWish.Everything, mailer.IsConfigured);
    }

    public async Task<Result<InboxSettings>> SetMailAsync(Caller caller, MailWish wish, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(wish))
            return new Validation("invalid") { Fields = [new FieldFault("mail", "field_unreadable")] };
        await using var db = databases.Open(caller.Tenant);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit.mail_wishes (tenant_id, user_id, wish) VALUES ({caller.Tenant.Value}, {caller.User.Value}, {wish.ToString()})
            ON CONFLICT (tenant_id, user_id) DO UPDATE SET wish = excluded.wish
            """,
            cancellationToken);
        return new InboxSettings(wish, mailer.IsConfigured);
    }

    private async Task<IQueryable<NotificationRow>> OwnAsync(AuditDbContext db, Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        var rows = db.Notifications.AsNoTracking().Where(row => row.UserId == caller.User);
        if (visible.All)
            return rows;
        ImmutableArray<ScopeId?> scopes = [.. visible.Scopes.Select(scope => (ScopeId?)new ScopeId(scope))];
        return rows.Where(row => row.Scope == null || scopes.Contains(row.Scope));
    }
}
