using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;

namespace MlOpsPortal.Projects.Ledger;

/// <summary>Which date of which subject is meant, and which revision of it the caller has seen (0: nothing was there; null: whatever is there).</summary>
internal sealed record LedgerPlace(Project Project, Guid Subject, DateOnly Date, int? Seen);

/// <summary>One value per subject and date with its history. Two who write at once: the second is told, nothing is lost.</summary>
internal sealed class DatedLedger<TRow>(ITenantDb<ProjectsDbContext> databases, string primaryKey, TimeProvider time)
    where TRow : DatedRow
{
    private readonly Dictionary<string, Refusal> taken = new(StringComparer.Ordinal) { [primaryKey] = new Conflict("stale") };

    /// <summary>The rows that hold, withdrawn ones left out.</summary>
    public static IQueryable<TRow> Current(ProjectsDbContext db) => Latest(db).Where(row => !row.Withdrawn);

    private static IQueryable<TRow> Latest(ProjectsDbContext db) => db.Set<TRow>().AsNoTracking()
        .Where(row => !db.Set<TRow>().Any(later => later.Subject == row.Subject && later.Date == row.Date && later.Revision > row.Revision));

    /// <summary>Adds a revision, with audit and event in the same transaction.</summary>
    /// <param name="decide">From the revision that holds (null: none, or withdrawn) to the next, of which only the content counts; or a refusal.</param>
    public Task<Result<TView>> AppendAsync<TView>(
        Caller caller, LedgerPlace place, Func<TRow?, Result<TRow>> decide, Func<TRow, TView> view, Func<TRow?, TRow, DomainEvent> happened, CancellationToken cancellationToken) =>
        WriteAsync(caller, place, rows => decide(rows is [{ Withdrawn: false } latest, ..] ? latest : null), view, happened, cancellationToken);

    /// <summary>Takes the value of a date away.</summary>
    public Task<Result<TView>> WithdrawAsync<TView>(Caller caller, LedgerPlace place, Func<TRow, TView> view, Func<TRow?, TRow, DomainEvent> happened, CancellationToken cancellationToken) =>
        WriteAsync(caller, place, rows => rows is [{ Withdrawn: false } latest, ..] ? Copy(latest, withdrawn: true) : new NotFound(), view, happened, cancellationToken);

    /// <summary>Puts back what stood before the last revision, which may be nothing. Done twice, it does the change again.</summary>
    public Task<Result<TView>> UndoAsync<TView>(Caller caller, LedgerPlace place, Func<TRow, TView> view, Func<TRow?, TRow, DomainEvent> happened, CancellationToken cancellationToken) =>
        WriteAsync<TView>(
            caller, place, rows => rows switch
            {
                [var latest, var before, ..] => Copy(before, before.Withdrawn),
                [{ Withdrawn: false } only] => Copy(only, withdrawn: true),
                _ => new NotFound(),
            },
            view, happened, cancellationToken);

    /// <summary>Everything that was ever said, newest first.</summary>
    public async Task<List<TRow>> HistoryAsync(Caller caller, Guid subject, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await db.Set<TRow>().AsNoTracking().Where(row => row.Subject == subject).OrderByDescending(row => row.RecordedAt).ThenByDescending(row => row.Revision).Take(1000).ToListAsync(cancellationToken);
    }

    /// <summary>What holds, by date.</summary>
    public async Task<List<TRow>> SeriesAsync(Caller caller, Guid subject, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await Current(db).Where(row => row.Subject == subject).OrderBy(row => row.Date).ToListAsync(cancellationToken);
    }

    /// <summary>What holds in some projects, by date: for lists that speak of many subjects.</summary>
    public async Task<List<TRow>> OfProjectsAsync(Caller caller, IReadOnlyCollection<Guid> projects, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await Current(db).Where(row => projects.Contains(row.ProjectId)).OrderBy(row => row.Date).ToListAsync(cancellationToken);
    }

    /// <summary>The last that holds of every subject in some projects.</summary>
    public async Task<List<TRow>> LatestOfProjectsAsync(Caller caller, IReadOnlyCollection<Guid> projects, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var current = Current(db).Where(row => projects.Contains(row.ProjectId));
        return await current.Where(row => !current.Any(later => later.Subject == row.Subject && later.Date > row.Date)).ToListAsync(cancellationToken);
    }

    /// <summary>Makes a row the next revision of its date.</summary>
    public static void Stamp(Caller caller, LedgerPlace place, TRow row, int revision, DateTimeOffset now)
    {
        (row.ProjectId, row.Subject, row.Date, row.Revision) = (place.Project.Id.Value, place.Subject, place.Date, revision);
        (row.Author, row.AuthorName, row.RecordedAt) = (caller.User, caller.Name, now);
    }

    private async Task<Result<TView>> WriteAsync<TView>(
        Caller caller, LedgerPlace place, Func<List<TRow>, Result<TRow>> decide, Func<TRow, TView> view, Func<TRow?, TRow, DomainEvent> happened, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<TView>(caller, cancellationToken) is { } answered)
            return answered;
        var rows = await db.Set<TRow>().AsNoTracking().Where(row => row.Subject == place.Subject && row.Date == place.Date)
            .OrderByDescending(row => row.Revision).Take(2).ToListAsync(cancellationToken);
        var revision = rows is [var newest, ..] ? newest.Revision : 0;
        if (place.Seen is { } seen && seen != revision)
            return new Conflict("stale");
        var decided = decide(rows);
        if (!decided.IsOk)
            return decided.Refusal;
        var (row, now) = (decided.Value, time.GetMicrosecondNow());
        Stamp(caller, place, row, revision + 1, now);
        db.Add(row);
        db.Record(caller, SubjectOf(place.Project), happened(rows is [{ Withdrawn: false } before, ..] ? before : null, row), now);
        return await db.CommitAsync(caller, view(row), now, cancellationToken, taken);
    }

    /// <summary>Values are events of their project, so that its pages hear of them.</summary>
    public static Subject SubjectOf(Project project) => new("project", project.Id.ToString(), project.Name, project.Id.Scope);

    private static TRow Copy(TRow row, bool withdrawn)
    {
        var copy = (TRow)row.Copy();
        copy.Withdrawn = withdrawn;
        return copy;
    }
}
