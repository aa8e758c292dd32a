using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Subjects;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Comments;

/// <summary>A comment as people and programs see it.</summary>
/// <param name="Text">Plain text.</param>
/// <param name="Mine">May the caller change it?</param>
public sealed record Comment(CommentId Id, UserId AuthorId, string Author, string Text, ImmutableArray<CommentPart> Parts, DateTimeOffset At, DateTimeOffset? EditedAt, bool Archived, bool Mine);

/// <summary>Somebody who can be named in a comment.</summary>
public sealed record Mentionable(UserId Id, string Name);

/// <summary>Says something about a thing.</summary>
/// <param name="Kind">project, kpi, dataset, modelVersion, release, alert.</param>
public sealed record NewComment(string Kind, string Subject, string Text);

/// <summary>Comments on things of a project. Whoever sees the thing reads them and may add one; each changes her own.</summary>
public sealed class CommentDesk
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int LongestText = 64 * 1024;
    private readonly ITenantDb<AuditDbContext> databases;
    private readonly ImmutableDictionary<string, ISubjectSource> sources;
    private readonly IPeople people;
    private readonly TimeProvider time;

    internal CommentDesk(ITenantDb<AuditDbContext> databases, IEnumerable<ISubjectSource> sources, IPeople people, TimeProvider time)
    {
        (this.databases, this.people, this.time) = (databases, people, time);
        this.sources = sources.SelectMany(source => source.Kinds.Select(kind => KeyValuePair.Create(kind, source))).ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <summary>Newest first; archived ones only to their authors, so that they can be brought back.</summary>
    public async Task<Result<Page<Comment>>> ListAsync(Caller caller, ScopeId project, string kind, string subject, PageRequest page, CancellationToken cancellationToken)
    {
        var place = await FindAsync(caller, project, kind, subject, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var id = place.Value.Subject.Id;
        var rows = db.Comments.AsNoTracking().Where(row => row.Scope == project && row.SubjectKind == kind && row.SubjectId == id && (row.ArchivedAt == null || row.AuthorId == caller.User));
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => ((Guid)(object)row.Id).CompareTo(last) < 0);
        var cut = page.Cut(await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1).ToListAsync(cancellationToken), row => row.Id.ToString());
        var named = await people.WhoSeesAsync(caller.Tenant, project, cancellationToken);
        return new Page<Comment>([.. cut.Items.Select(row => View(row, caller, named))], cut.NextCursor);
    }

    public async Task<Result<Comment>> PostAsync(Caller caller, ScopeId project, NewComment request, CancellationToken cancellationToken)
    {
        var place = await FindAsync(caller, project, request.Kind, request.Subject, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (Check(request.Text) is { } refusal)
            return refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<Comment>(caller, cancellationToken) is { } before)
            return before;
        var now = time.GetMicrosecondNow();
        var named = await people.WhoSeesAsync(caller.Tenant, project, cancellationToken);
        var text = Clean(request.Text);
        var mentions = Mentions.In(text, named);
        var row = new CommentRow
        {
            Id = Id.New<CommentId>(now),
            Scope = project,
            SubjectKind = request.Kind,
            SubjectId = place.Value.Subject.Id,
            AuthorId = caller.User,
            AuthorName = caller.Name,
            Text = text,
            Mentions = [.. mentions.Select(user => user.Value)],
            At = now,
        };
        db.Comments.Add(row);
        db.Record(caller, place.Value.Subject, new CommentPosted(row.Id, text, mentions, place.Value.Href), now);
        return await db.CommitAsync(caller, View(row, caller, named), now, cancellationToken);
    }

    public Task<Result<Comment>> EditAsync(Caller caller, ScopeId project, CommentId id, string text, CancellationToken cancellationToken) =>
        ChangeAsync(caller, project, id, (row, place, named, now) =>
        {
            if (row.ArchivedAt is not null)
                return new Conflict("comments.archived");
            if (Check(text) is { } refusal)
                return refusal;
            var (before, after) = (row.Text, Clean(text));
            var mentions = Mentions.In(after, named);
            ImmutableArray<UserId> fresh = [.. mentions.Where(user => !row.Mentions.Contains(user.Value))];
            (row.Text, row.Mentions, row.EditedAt) = (after, [.. mentions.Select(user => user.Value)], now);
            return new CommentEdited(row.Id, before, after, fresh, place.Href);
        }, cancellationToken);

    public Task<Result<Comment>> ArchiveAsync(Caller caller, ScopeId project, CommentId id, CancellationToken cancellationToken) =>
        ChangeAsync(caller, project, id, (row, _, _, now) =>
        {
            if (row.ArchivedAt is not null)
                return new Conflict("comments.archived");
            row.ArchivedAt = now;
            return new CommentArchived(row.Id);
        }, cancellationToken);

    public Task<Result<Comment>> RestoreAsync(Caller caller, ScopeId project, CommentId id, CancellationToken cancellationToken) =>
        ChangeAsync(caller, project, id, (row, _, _, _) =>
        {
            if (row.ArchivedAt is null)
                return new Conflict("comments.not_archived");
            row.ArchivedAt = null;
            return new CommentRestored(row.Id);
        }, cancellationToken);

    /// <summary>Who can be named: everybody who sees the thing.</summary>
    public async Task<Result<ImmutableArray<Mentionable>>> MentionableAsync(Caller caller, ScopeId project, string kind, string subject, CancellationToken cancellationToken)
    {
        var place = await FindAsync(caller, project, kind, subject, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        var named = await people.WhoSeesAsync(caller.Tenant, project, cancellationToken);
        return named.Where(person => person.Id != caller.User).Select(person => new Mentionable(person.Id, person.Name)).ToImmutableArray();
    }

    private async Task<Result<Comment>> ChangeAsync(
        Caller caller, ScopeId project, CommentId id, Func<CommentRow, SubjectPlace, ImmutableArray<Addressee>, DateTimeOffset, Result<DomainEvent>> change, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Comments.SingleOrDefaultAsync(comment => comment.Id == id && comment.Scope == project, cancellationToken);
        if (row is null)
            return new NotFound();
        var place = await FindAsync(caller, project, row.SubjectKind, row.SubjectId, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (row.AuthorId != caller.User)
            return row.ArchivedAt is null ? new Forbidden("comments.not_yours") : new NotFound();
        if (await db.FindAnswerAsync<Comment>(caller, cancellationToken) is { } before)
            return before;
        var now = time.GetMicrosecondNow();
        var named = await people.WhoSeesAsync(caller.Tenant, project, cancellationToken);
        var changed = change(row, place.Value, named, now);
        if (!changed.IsOk)
            return changed.Refusal;
        db.Record(caller, place.Value.Subject, changed.Value, now);
        return await db.CommitAsync(caller, View(row, caller, named), now, cancellationToken);
    }

    private async Task<Result<SubjectPlace>> FindAsync(Caller caller, ScopeId project, string? kind, string? subject, CancellationToken cancellationToken) =>
        kind is not null && subject is not null && sources.TryGetValue(kind, out var source) ? await source.FindAsync(caller, project, kind, subject, cancellationToken) : new NotFound();

    private static Validation? Check(string? text) =>
        text is not null && Encoding.UTF8.GetByteCount(text) > LongestText
            ? new Validation("comments.too_long", (LongestText / 1024).ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.TooLarge }
            : new Faults().Text("text", text, LongestText).Refusal;

    private static string Clean(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    private static Comment View(CommentRow row, Caller caller, ImmutableArray<Addressee> named)
    {
        ImmutableArray<Addressee> mentioned = [.. named.Where(person => row.Mentions.Contains(person.Id.Value))];
        return new Comment(
            row.Id, row.AuthorId, row.AuthorName, row.Text, Mentions.Parts(row.Text, mentioned), row.At, row.EditedAt, row.ArchivedAt is not null, row.AuthorId == caller.User);
    }
}
