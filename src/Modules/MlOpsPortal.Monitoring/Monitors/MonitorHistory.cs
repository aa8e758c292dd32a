using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>A run with what its numbers were computed from.</summary>
public sealed record MonitorRunView(MonitorRun Run, RunDetail Detail);

/// <summary>What monitors have measured.</summary>
public sealed class MonitorHistory
{
    /// <summary>Windows in one answer.</summary>
    public const int Most = 400;
    private readonly MonitorDesk monitors;
    private readonly ITenantDb<MonitoringDbContext> databases;

    internal MonitorHistory(MonitorDesk monitors, ITenantDb<MonitoringDbContext> databases) => (this.monitors, this.databases) = (monitors, databases);

    /// <summary>The latest windows that end after <paramref name="from"/> and begin before <paramref name="to"/>, oldest first.</summary>
    /// <param name="limit">1 to <see cref="Most"/>.</param>
    public async Task<Result<ImmutableArray<MonitorRun>>> RunsAsync(
        Caller caller, MonitorId id, DateTimeOffset? from, DateTimeOffset? to, int limit, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var monitor = await monitors.FindAsync(db, caller, id, MonitoringPermissions.View, cancellationToken);
        if (!monitor.IsOk)
            return monitor.Refusal;
        return (await LatestAsync(db, id, from, to, Math.Clamp(limit, 1, Most), cancellationToken)).Select(Read).ToImmutableArray();
    }

    /// <summary>One window with its distributions.</summary>
    public async Task<Result<MonitorRunView>> RunAsync(Caller caller, MonitorRunId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Runs.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (row is null)
            return new NotFound();
        var monitor = await monitors.FindAsync(db, caller, row.MonitorId, MonitoringPermissions.View, cancellationToken);
        return monitor.IsOk
            ? new MonitorRunView(Read(row), JsonSerializer.Deserialize<RunDetail>(row.Detail, PortalJson.Options)!) // written here
            : monitor.Refusal;
    }

    /// <summary>One number over a monitor's windows, oldest first; windows that do not have it are left out.</summary>
    public async Task<Result<MonitorSeries>> SeriesAsync(
        Caller caller, MonitorId id, MonitorSignal signal, string? column, string method, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        (await RunsAsync(caller, id, from, to, Most, cancellationToken)).Map(runs => Series(id, runs, signal, column, method));

    public static MonitorSeries Series(MonitorId id, IEnumerable<MonitorRun> runs, MonitorSignal signal, string? column, string method) => new(id, signal, column, method,
    [
        .. runs.Select(run => (Run: run, Score: run.Find(signal, column, method))).Where(pair => pair.Score is not null)
            .Select(pair => new SeriesPoint(pair.Run.From, pair.Run.To, pair.Run.Rows, pair.Run.Coverage, pair.Score!.Base, pair.Score.Value, pair.Score.NotComputable)), // filtered above
    ]);

    internal static async Task<List<MonitorRunRow>> LatestAsync(
        MonitoringDbContext db, MonitorId id, DateTimeOffset? from, DateTimeOffset? to, int limit, CancellationToken cancellationToken)
    {
        var rows = db.Runs.AsNoTracking().Where(row => row.MonitorId == id);
        if (from is { } begin)
            rows = rows.Where(row => row.WindowTo > begin);
        if (to is { } end)
            rows = rows.Where(row => row.WindowFrom < end);
        var found = await rows.OrderByDescending(row => row.WindowFrom).Take(limit)
            .Select(row => new MonitorRunRow // all but the detail, which is many times as large
            {
                Id = row.Id, MonitorId = row.MonitorId, DeploymentId = row.DeploymentId, WindowFrom = row.WindowFrom, WindowTo = row.WindowTo, Revision = row.Revision, Rows = row.Rows,
                Labelled = row.Labelled, ModelVersion = row.ModelVersion, Reference = row.Reference, Scores = row.Scores, Detail = "", ComputedAt = row.ComputedAt, JobId = row.JobId,
            }).ToListAsync(cancellationToken);
        found.Reverse();
        return found;
    }

    internal static MonitorRun Read(MonitorRunRow row) => new()
    {
        Id = row.Id,
        Monitor = row.MonitorId,
        Deployment = row.DeploymentId,
        From = row.WindowFrom,
        To = row.WindowTo,
        Revision = row.Revision,
        Reference = JsonSerializer.Deserialize<ReferenceFacts>(row.Reference, PortalJson.Options)!, // written here
        Rows = row.Rows,
        Labelled = row.Labelled,
        ModelVersion = row.ModelVersion,
        Scores = JsonSerializer.Deserialize<ImmutableArray<Score>>(row.Scores, PortalJson.Options),
        ComputedAt = row.ComputedAt,
        Job = row.JobId,
    };
}
