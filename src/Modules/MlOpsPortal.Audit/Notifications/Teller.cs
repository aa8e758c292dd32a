using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Notifications;

/// <summary>Puts notices into the inboxes of those whom they are for, and into the mail queue of those who want that, in one transaction.</summary>
internal sealed class Teller(ITenantDb<AuditDbContext> databases, IPeople people, IMailer mailer, TimeProvider time)
{
    public async Task TellAsync(Happened happened, IReadOnlyList<Notice> notices, CancellationToken cancellationToken)
    {
        if (notices.Count == 0)
            return;
        var everybody = await people.WhoSeesAsync(happened.Tenant, happened.Scope, cancellationToken);
        var slug = mailer.IsConfigured ? await people.SlugAsync(happened.Tenant, cancellationToken) : null;
        await using var db = databases.Open(happened.Tenant);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var notice in notices)
            foreach (var person in Whom(notice, everybody, happened.Actor))
                await TellOneAsync(db, happened, notice, person, slug, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whom a notice reaches: those it is for, as far as they see the project, without who did it.</summary>
    internal static IEnumerable<Addressee> Whom(Notice notice, ImmutableArray<Addressee> everybody, UserId actor)
    {
        var meant = notice.To switch
        {
            Audience.People named => everybody.Where(person => named.Users.Contains(person.Id)),
            Audience.Holders holders => everybody.Where(person => person.Holds(holders.Permission)),
            _ => throw new ArgumentOutOfRangeException(nameof(notice), notice.To.GetType().Name, "An audience that nobody wrote a rule for."),
        };
        return meant.Where(person => notice.ActorToo || person.Id != actor);
    }

    private async Task TellOneAsync(AuditDbContext db, Happened happened, Notice notice, Addressee person, string? slug, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        var fresh = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit.notifications (tenant_id, user_id, id, event_id, kind, title, detail, href, scope, at)
            VALUES ({happened.Tenant.Value}, {person.Id.Value}, {Guid.CreateVersion7(now)}, {happened.EventId}, {notice.Kind}, {notice.Title}, {notice.Detail}, {notice.Href},
                {happened.Scope?.Value}, {happened.At})
            ON CONFLICT (tenant_id, user_id, event_id) DO NOTHING
            """,
            cancellationToken);
        if (fresh == 0)
            return;
        await NotificationRelay.AnnounceAsync(db, person.Id, cancellationToken);
        if (notice.Mail && slug is not null && person.Email.Length > 0 && Wants(await WishAsync(db, person.Id, cancellationToken), notice))
            mailer.Queue(db, Letter(notice, person, mailer.Link($"/t/{slug}{notice.Href}"), mailer.Link($"/t/{slug}/inbox")));
    }

    internal static bool Wants(MailWish wish, Notice notice) => wish switch
    {
        MailWish.Everything => true,
        MailWish.Mentions => notice.To is Audience.People,
        MailWish.Nothing => false,
        _ => throw new ArgumentOutOfRangeException(nameof(wish), wish, "A wish without a rule."),
    };

    private static async Task<MailWish> WishAsync(AuditDbContext db, UserId user, CancellationToken cancellationToken) =>
        (await db.MailWishes.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == user, cancellationToken))?.Wish ?? MailWish.Everything;

    private static Letter Letter(Notice notice, Addressee person, Uri link, Uri settings) => new(
        person.Email,
        notice.Title,
        $"""
        {notice.Title}

        {(notice.Detail is { Length: > 0 } detail ? detail + "\n\n" : "")}{link}

        You get this because you work on it in MlOpsPortal. What comes by e-mail is your choice: {settings}
        """);
}
