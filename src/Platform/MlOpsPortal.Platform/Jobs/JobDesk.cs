using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Where jobs are asked for, looked at and cancelled.</summary>
public sealed class JobDesk(ITenantDb<PlatformDbContext> databases, IPermissions permissions, JobQueue queue, RefusalTexts texts, TimeProvider time)
{
    /// <summary>A job's row, for <see cref="Enqueue"/> or to be saved with an aggregate's change.</summary>
    public static JobRow NewRow(Caller caller, NewJob job, DateTimeOffset now) => new()
    {
        TenantId = caller.Tenant,
        Id = job.Id ?? Id.New<JobId>(now),
        Kind = job.Kind,
        Scope = job.Subject.Scope,
        SubjectKind = job.Subject.Kind,
        SubjectId = job.Subject.Id,
        Title = job.Title,
        State = JobState.Queued,
        Spec = JsonSerializer.Serialize(job.Spec, job.Spec.GetType(), PortalJson.Options),
        CreatedBy = caller.User,
        CreatedByName = caller.Name,
        CreatedAt = now,
        AvailableAt = now,
    };

    /// <summary>Adds a job to a unit of work; it begins after that has been committed.</summary>
    public JobId Enqueue(TenantDbContext db, Caller caller, NewJob job)
    {
        var row = NewRow(caller, job, time.GetMicrosecondNow());
        db.Jobs.Add(row);
        return row.Id;
    }

    public async Task<Result<JobView>> GetAsync(Caller caller, JobId id, CancellationToken cancellationToken) =>
        await (await FindAsync(caller, id, JobPermissions.See, cancellationToken)).ThenAsync(row => Task.FromResult<Result<JobView>>(View(row)));

    /// <summary>A project's jobs, newest first.</summary>
    public async Task<Result<Page<JobView>>> ListAsync(Caller caller, ScopeId scope, string? subjectId, PageRequest page, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, scope, JobPermissions.See, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Jobs.AsNoTracking().Where(row => row.Scope == scope);
        if (subjectId is not null)
            rows = rows.Where(row => row.SubjectId == subjectId);
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => ((Guid)(object)row.Id).CompareTo(last) < 0);
        var found = await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var cut = page.Cut(found, row => row.Id.ToString());
        return new Page<JobView>([.. cut.Items.Select(View)], cut.NextCursor);
    }

    /// <summary>The jobs of all projects that the caller may know of, newest first.</summary>
    /// <param name="mine">Only those that she started.</param>
    public async Task<Page<JobView>> ListAllAsync(Caller caller, bool mine, PageRequest page, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Jobs.AsNoTracking().Where(row => !mine || row.CreatedBy == caller.User);
        ImmutableArray<ScopeId?> scopes = [.. visible.Scopes.Select(scope => (ScopeId?)new ScopeId(scope))];
        rows = visible.All
            ? rows.Where(row => row.Scope != null || row.CreatedBy == caller.User)
            : rows.Where(row => (row.Scope == null && row.CreatedBy == caller.User) || scopes.Contains(row.Scope));
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => ((Guid)(object)row.Id).CompareTo(last) < 0);
        var cut = page.Cut(await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1).ToListAsync(cancellationToken), row => row.Id.ToString());
        return new Page<JobView>([.. cut.Items.Select(View)], cut.NextCursor);
    }

    /// <summary>A queued job is cancelled at once, a running one as soon as its worker hears of it.</summary>
    public async Task<Result<JobView>> CancelAsync(Caller caller, JobId id, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, id, JobPermissions.Cancel, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<JobView>(caller, cancellationToken) is { } before)
            return before;
        if (JobLifecycle.IsOver(found.Value.State))
            return new Conflict("jobs.over");
        var now = time.GetMicrosecondNow();
        var row = found.Value;
        row.CancelRequested = true;
        db.Jobs.Attach(row).Property(job => job.CancelRequested).IsModified = true;
        db.Record(caller, new Subject("job", row.Id.ToString(), row.Title, row.Scope), new JobCancelRequested(row.Kind), now);
        var saved = await db.CommitAsync(caller, View(row), now, cancellationToken);
        await queue.AnnounceAsync(caller.Tenant, id, row.Scope, cancellationToken);
        return saved;
    }

    private async Task<Result<JobRow>> FindAsync(Caller caller, JobId id, Permission permission, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Jobs.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (row is null)
            return new NotFound();
        if (row.Scope is not { } scope)
            return row.CreatedBy == caller.User ? row : new NotFound();
        var allowed = await permissions.DemandAsync(caller, scope, permission, cancellationToken);
        return allowed.IsOk ? row : allowed.Refusal;
    }

    private JobView View(JobRow row)
    {
        var refusal = row.Refusal is null ? null : JsonSerializer.Deserialize<Refusal>(row.Refusal, PortalJson.Options);
        return new JobView(
            row.Id, row.Kind, row.Scope, row.SubjectKind, row.SubjectId, row.Title, row.State, row.CancelRequested && !JobLifecycle.IsOver(row.State), row.Step, row.Progress,
            row.Result is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Result),
            refusal is null ? null : new JobFault(refusal.Code, texts.Sentence(refusal)),
            row.CreatedByName, row.CreatedBy, row.CreatedAt, row.StartedAt, row.EndedAt, row.Attempts) { Steps = JobStep.Read(row.Steps) };
    }
}

/// <summary>A job to be done.</summary>
/// <param name="Title">What people read in a list of jobs.</param>
/// <param name="Spec">Serialised as JSON for the kind.</param>
public sealed record NewJob(string Kind, Subject Subject, string Title, object Spec)
{
    /// <summary>When the id must be known before; otherwise a fresh one.</summary>
    public JobId? Id { get; init; }
}

/// <summary>A job as people and programs see it.</summary>
/// <param name="Progress">0..1</param>
/// <param name="Fault">Why it failed.</param>
public sealed record JobView(
    JobId Id, string Kind, ScopeId? Project, string SubjectKind, string SubjectId, string Title, JobState State, bool Cancelling, string? Step, double Progress,
    JsonElement? Result, JobFault? Fault, string CreatedBy, UserId CreatedById, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, int Attempts)
{
    /// <summary>What it has come to so far, in order.</summary>
    public ImmutableArray<JobStep> Steps { get; init; } = [];
}

public sealed record JobFault(string Code, string Detail);

/// <summary>Somebody asked for a job to be stopped.</summary>
public sealed record JobCancelRequested(string Kind) : DomainEvent("job.cancel_requested");

public static class JobPermissions
{
    public static readonly Permission See = new("jobs.see", Permission.Everyone);

    public static readonly Permission Cancel = new(
        "jobs.cancel", Role.BusinessOwner, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer, Role.TenantAdministrator);

    public static readonly ImmutableArray<Permission> All = [See, Cancel];
}
