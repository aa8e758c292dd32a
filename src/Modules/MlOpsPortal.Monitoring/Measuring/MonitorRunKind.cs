using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>Measures a monitor's windows: those that have ended since it ran last and those in which something came late, or all of a stretch. One transaction at the end:
/// a job that dies is simply run again.</summary>
internal sealed class MonitorRunKind(
    DeploymentDesk deployments, MonitorDesk monitors, References references, TrafficHistory traffic, IEnumerable<IAfterMonitorRun> conclusions, ITenantDb<MonitoringDbContext> databases, TimeProvider time)
    : IJobKind
{
    /// <summary>Windows that one job measures; what is left comes with the next.</summary>
    private const int MostWindows = 400;
    /// <summary>So many windows back something late is noticed by itself; a stretch that is named measures any.</summary>
    private const int MostStale = 104;
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    public string Kind => MonitorJob.KindName;

    public Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken) => Task.CompletedTask; // a job's page says why; no window is half measured

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var spec = job.Spec<MonitorJob>();
        var started = time.GetMicrosecondNow();
        await using var db = databases.Open(job.Tenant);
        var found = await monitors.FindAsync(db, job.Caller, spec.Monitor, MonitoringPermissions.View, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (row, monitor) = found.Value;
        if (monitor.ArchivedAt is not null)
            return MonitoringErrors.Archived();
        var deployment = await deployments.GetAsync(job.Caller, monitor.Deployment, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        var log = new LogReader(db, monitor.Deployment);
        var windows = await WindowsAsync(db, log, monitor, row, spec, started, cancellationToken);
        var measured = new List<Measured>(windows.Count);
        foreach (var stretch in WindowPlan.Stretches(windows))
            await MeasureAsync(job, log, monitor, deployment.Value.State, stretch, measured, windows.Count, cancellationToken);
        var caughtUp = spec.From is null && spec.To is null && windows.Count < MostWindows ? started : row.CaughtUpAt;
        var saved = await SaveAsync(db, job, row, monitor, measured, caughtUp, cancellationToken);
        return JsonSerializer.SerializeToElement(new { windows = saved.Length, rows = saved.Sum(run => run.Rows) }, PortalJson.Options);
    }

    /// <summary>A measured window before it is saved.</summary>
    private sealed record Measured(Window Window, ReferenceFacts Reference, WindowData Data, ImmutableArray<Score> Scores, RunDetail Detail);

    private static async Task<List<Window>> WindowsAsync(
        MonitoringDbContext db, LogReader log, EndpointMonitor monitor, MonitorRow row, MonitorJob spec, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await log.LastAsync(cancellationToken) is not { } last || await log.FirstAsync(cancellationToken) is not { } first)
            return [];
        var isWhole = spec.From is null && spec.To is null;
        var measured = await db.Runs.AsNoTracking().Where(run => run.MonitorId == monitor.Id).OrderBy(run => run.WindowFrom)
            .Select(run => new { Window = new Window(run.WindowFrom, run.WindowTo), run.Rows }).ToListAsync(cancellationToken);
        var known = measured.ConvertAll(run => run.Window);
        var silent = isWhole ? measured.AsEnumerable().Reverse().TakeWhile(run => run.Rows == 0).Count() : 0;
        var stale = isWhole ? await StaleAsync(log, known, row, cancellationToken) : known.Where(window => !(window.To <= spec.From) && !(window.From >= spec.To));
        var next = known.Count == 0 ? first : known[^1].To;
        var begin = isWhole ? next : spec.From > first ? spec.From.Value : first;
        var fresh = monitor.Window.Kind == WindowKind.Count
            ? WindowPlan.ByCount(monitor.Window.Count ?? 1, await log.TimesAsync(next, MostWindows * (monitor.Window.Count ?? 1), cancellationToken))
            : WindowPlan.WithoutSilence(
                WindowPlan.ByTime(monitor.Window, begin, WindowPlan.Until(last, monitor.Window.Length ?? TimeSpan.Zero, now), now), await log.DaysAsync(begin, cancellationToken), silent);
        return [.. fresh.Where(window => isWhole || (!(window.To <= spec.From) && !(window.From >= spec.To))).Concat(stale).Distinct().OrderBy(window => window.From).Take(MostWindows)];
    }

    /// <summary>Measured windows in which a prediction or an outcome came since.</summary>
    private static async Task<IEnumerable<Window>> StaleAsync(LogReader log, List<Window> known, MonitorRow row, CancellationToken cancellationToken)
    {
        if (known.Count == 0 || row.CaughtUpAt is not { } since)
            return [];
        var latest = known.TakeLast(MostStale).ToList();
        var days = await log.ChangedDaysAsync(since - Overlap, latest[0].From, cancellationToken);
        return latest.Where(window => window.Touches(days));
    }

    private async Task MeasureAsync(
        JobContext job, LogReader log, EndpointMonitor monitor, Deployment deployment, List<Window> stretch, List<Measured> into, int total, CancellationToken cancellationToken)
    {
        var contract = ColumnPlan.Of(deployment);
        // Where no contract says what there is, the reference does; where that does not either, the predictions themselves.
        var plan = contract ?? (await references.DatasetAsync(job.Caller, deployment, null, monitor.Reference, null, cancellationToken)).Value.Plan;
        if (plan is null or { Columns.Length: 0 })
            plan = await log.SeenAsync(stretch[0].From, cancellationToken);
        var data = stretch.Select(_ => new WindowData(plan)).ToArray();
        var at = 0;
        await log.ReadAsync(stretch[0].From, stretch[^1].To, (occurred, prediction) =>
        {
            while (occurred >= stretch[at].To)
                at++;
            data[at].Add(prediction, isOurs: prediction.LatencyMicroseconds >= 0);
        }, cancellationToken);
        for (var index = 0; index < stretch.Count; index++)
        {
            into.Add(await ScoreAsync(job.Caller, log, monitor, deployment, stretch[index], data[index], cancellationToken));
            job.Progress.Report(new JobProgress("monitoring.step_windows", (double)into.Count / total));
        }
    }

    private async Task<Measured> ScoreAsync(
        Caller caller, LogReader log, EndpointMonitor monitor, Deployment deployment, Window window, WindowData data, CancellationToken cancellationToken)
    {
        var release = deployment.Releases.LastOrDefault(release => release.Version.Number == data.Version) ?? deployment.Live ?? deployment.Releases.LastOrDefault();
        var contract = release?.Version.Contract;
        var reference = monitor.Reference.Kind switch
        {
            ReferenceKind.Window => await StretchAsync(log, monitor, contract?.Task, contract?.Threshold, data.Plan, new Window(monitor.Reference.From!.Value, monitor.Reference.To!.Value), cancellationToken), // checked when set
            ReferenceKind.Before => await StretchAsync(log, monitor, contract?.Task, contract?.Threshold, data.Plan, new Window(window.From - monitor.Reference.Back!.Value, window.To - monitor.Reference.Back.Value), cancellationToken), // likewise
            _ => await DatasetAsync(caller, deployment, release, monitor, data.Plan, cancellationToken),
        };
        var question = new WindowQuestion(monitor, contract?.Task, contract?.Threshold ?? 0.5, await ServiceAsync(caller, monitor.Deployment, window, cancellationToken));
        var (scores, detail) = WindowScores.Of(question, data, reference);
        return new Measured(window, reference.Facts, data, scores, detail);
    }

    private async Task<ReferenceData> DatasetAsync(Caller caller, Deployment deployment, Release? release, EndpointMonitor monitor, ColumnPlan plan, CancellationToken cancellationToken)
    {
        var read = await references.DatasetAsync(caller, deployment, release, monitor.Reference, plan, cancellationToken);
        return read.IsOk ? read.Value.Data : ReferenceData.None(new ReferenceFacts(monitor.Reference.Kind, "", monitor.Reference.Dataset, null, null, 0), Reasons.NoReference);
    }

    private static async Task<ReferenceData> StretchAsync(
        LogReader log, EndpointMonitor monitor, Projects.Problem.MlTask? task, double? threshold, ColumnPlan plan, Window window, CancellationToken cancellationToken)
    {
        var data = new WindowData(plan);
        await log.ReadAsync(window.From, window.To, (_, prediction) => data.Add(prediction, isOurs: prediction.LatencyMicroseconds >= 0), cancellationToken);
        var facts = new ReferenceFacts(
            monitor.Reference.Kind, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{window.From.UtcDateTime:yyyy-MM-dd} to {window.To.UtcDateTime:yyyy-MM-dd}"), null, window.From, window.To, data.Rows);
        var isBinary = WindowScores.IsBinary(task, data.Outcomes);
        IReadOnlyDictionary<string, Statistics.Metric> metrics = data.Outcomes.Count == 0
            ? new Dictionary<string, Statistics.Metric>(StringComparer.Ordinal)
            : WindowScores.Metrics(isBinary, threshold ?? 0.5, data.LabelledOutputs, data.Outcomes);
        return ReferenceData.Of(facts, data, WindowScores.Keys(isBinary).Where(key => metrics.GetValueOrDefault(key)?.Value is not null)
            .ToDictionary(key => key, key => metrics[key].Value!.Value, StringComparer.Ordinal)); // filtered just before
    }

    private async Task<ServiceCounts?> ServiceAsync(Caller caller, DeploymentId deployment, Window window, CancellationToken cancellationToken)
    {
        var counted = await traffic.SumAsync(caller, deployment, window.From, window.To, cancellationToken);
        return counted.Value is { } sum ? new ServiceCounts(sum.Requests, sum.Errors, sum.BadInput) : null;
    }

    private async Task<ImmutableArray<MonitorRun>> SaveAsync(
        MonitoringDbContext db, JobContext job, MonitorRow row, EndpointMonitor monitor, List<Measured> measured, DateTimeOffset? caughtUp, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // One at a time: "run now" and the schedule may measure the same window.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({monitor.Id.ToString()}, 0))", cancellationToken);
        var now = time.GetMicrosecondNow();
        var runs = ImmutableArray.CreateBuilder<MonitorRun>(measured.Count);
        foreach (var window in measured)
            runs.Add(MonitorHistory.Read(await StoreAsync(db, job, monitor, window, now, cancellationToken)));
        var saved = runs.ToImmutable();
        if (saved.Length > 0)
        {
            foreach (var conclusion in conclusions)
                await conclusion.NoteAsync(db, job.Caller, monitor, saved, now, cancellationToken);
            db.Record(job.Caller, MonitorDesk.SubjectOf(monitor), new MonitorRan(job.Id, [.. saved.Select(run => run.Id)], saved[0].From, saved[^1].To), now);
        }

        await db.SaveChangesAsync(cancellationToken);
        // Not by the tracked row: settings may have been changed meanwhile, and that is no conflict.
        await db.Monitors.Where(candidate => candidate.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(candidate => candidate.CaughtUpAt, caughtUp), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    private static async Task<MonitorRunRow> StoreAsync(MonitoringDbContext db, JobContext job, EndpointMonitor monitor, Measured window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Runs.SingleOrDefaultAsync(run => run.MonitorId == monitor.Id && run.WindowFrom == window.Window.From && run.WindowTo == window.Window.To, cancellationToken);
        if (row is null)
        {
            row = new MonitorRunRow
            {
                Id = Id.New<MonitorRunId>(now), MonitorId = monitor.Id, DeploymentId = monitor.Deployment, WindowFrom = window.Window.From, WindowTo = window.Window.To, Reference = "", Scores = "", Detail = "",
            };
            db.Runs.Add(row);
        }

        row.Revision++;
        (row.Rows, row.Labelled, row.ModelVersion) = (window.Data.Rows, window.Data.Outcomes.Count, window.Data.Version);
        row.Reference = JsonSerializer.Serialize(window.Reference, PortalJson.Options);
        row.Scores = JsonSerializer.Serialize(window.Scores, PortalJson.Options);
        row.Detail = JsonSerializer.Serialize(window.Detail, PortalJson.Options);
        (row.ComputedAt, row.JobId) = (now, job.Id);
        return row;
    }
}
