using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>One's own jobs: those under way, and for a day those that failed.</summary>
internal sealed class JobWork(ITenantDb<PlatformDbContext> databases, TimeProvider time) : IWorkSource
{
    private static readonly TimeSpan FailuresStay = TimeSpan.FromDays(1);

    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - FailuresStay;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Jobs.AsNoTracking()
            .Where(row => row.CreatedBy == caller.User && (row.State == JobState.Queued || row.State == JobState.Running || (row.State == JobState.Failed && row.EndedAt > since)))
            .OrderByDescending(row => row.Id).Take(WorkDesk.MostOfOneSource)
            .Select(row => new { row.Id, row.Title, row.State, row.Scope, row.CreatedAt, row.EndedAt, row.Progress, row.Step }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => row.State == JobState.Failed
            ? new WorkItem(WorkKind.Failure, $"{row.Title} failed", null, row.Scope, $"/jobs/{row.Id}", row.EndedAt ?? row.CreatedAt)
            : new WorkItem(WorkKind.Job, row.Title, row.State == JobState.Queued ? WaitsFor(row.Step) : $"{row.Progress:P0} done", row.Scope, $"/jobs/{row.Id}", row.CreatedAt)
            {
                Urgency = WorkUrgency.Low,
            });
    }

    private static string WaitsFor(string? step) => step switch
    {
        JobPatience.ForFiles => "waits for the file store, which is away",
        JobPatience.ForDatabase => "waits for the database, which was away",
        _ => "waits for a free place",
    };
}
