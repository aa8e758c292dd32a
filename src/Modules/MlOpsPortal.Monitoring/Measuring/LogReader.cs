using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Data;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>Reads stretches of the prediction log, joined with what is known of the predictions.</summary>
internal sealed class LogReader(MonitoringDbContext db, DeploymentId deployment)
{
    /// <summary>An id that comes again is looked for so far back and ahead; outcomes come within it.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromDays(400);

    /// <summary>More ids than this are not sent along: all rows are read instead.</summary>
    private const int MostNamed = 5000;

    /// <summary>Calls back for each prediction of a stretch, in the order in which they happened.</summary>
    public async Task ReadAsync(DateTimeOffset from, DateTimeOffset to, Action<DateTimeOffset, WindowRow> take, CancellationToken cancellationToken)
    {
        var repeated = await RepeatedAsync(from, to, cancellationToken);
        var outcomes = await OutcomesAsync(from, to, cancellationToken);
        var rows = Stretch(from, to).OrderBy(row => row.OccurredAt).ThenBy(row => row.PredictionId)
            .Select(row => new { row.PredictionId, row.OccurredAt, row.Version, row.Output, row.LatencyMicroseconds, row.Features });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var times = repeated.GetValueOrDefault(row.PredictionId);
            var outcome = outcomes.TryGetValue(row.PredictionId, out var events) ? Outcome(events, row.OccurredAt, times) : null;
            take(row.OccurredAt, new WindowRow(row.Version, row.Output, row.LatencyMicroseconds, row.Features, outcome, times is not null && times[0] < row.OccurredAt));
        }
    }

    /// <summary>An outcome belongs to the latest prediction of its id that is not after it; of several outcomes the latest event counts.</summary>
    /// <param name="events">In the order of their times.</param>
    /// <param name="times">Every time the id was used, ascending; null when once.</param>
    public static (DateTimeOffset At, double Value)? Event(IReadOnlyList<(DateTimeOffset At, double Value)> events, DateTimeOffset predictedAt, IReadOnlyList<DateTimeOffset>? times)
    {
        DateTimeOffset? next = null;
        foreach (var time in times ?? [])
            if (time > predictedAt)
            {
                next = time;
                break;
            }

        for (var index = events.Count - 1; index >= 0; index--)
            if (events[index].At >= predictedAt && (next is null || events[index].At < next))
                return events[index];
        return null;
    }

    /// <summary>The value of <see cref="Event"/>.</summary>
    public static double? Outcome(IReadOnlyList<(DateTimeOffset At, double Value)> events, DateTimeOffset predictedAt, IReadOnlyList<DateTimeOffset>? times) =>
        Event(events, predictedAt, times)?.Value;

    public async Task<DateTimeOffset?> FirstAsync(CancellationToken cancellationToken) =>
        await db.Predictions.Where(row => row.DeploymentId == deployment).MinAsync(row => (DateTimeOffset?)row.OccurredAt, cancellationToken);

    /// <summary>The latest prediction: when it happened, and when it was logged.</summary>
    public async Task<(DateTimeOffset OccurredAt, DateTimeOffset LoggedAt)?> LastAsync(CancellationToken cancellationToken) =>
        await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment).OrderByDescending(row => row.OccurredAt)
            .Select(row => new { row.OccurredAt, row.LoggedAt }).FirstOrDefaultAsync(cancellationToken) is { } last ? (last.OccurredAt, last.LoggedAt) : null;

    /// <summary>Days with predictions.</summary>
    public async Task<IReadOnlySet<DateOnly>> DaysAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        var first = Day(from);
        return (await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first).Select(row => row.Day).Distinct().ToListAsync(cancellationToken)).ToHashSet();
    }

    /// <summary>When predictions happened, in order; at most so many.</summary>
    public Task<List<DateTimeOffset>> TimesAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var day = Day(from);
        return db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= day && row.OccurredAt >= from)
            .OrderBy(row => row.OccurredAt).Select(row => row.OccurredAt).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Days in which something has changed since a time: predictions that came late, and outcomes.</summary>
    /// <param name="earliest">Days before it are not looked at.</param>
    public async Task<IReadOnlySet<DateOnly>> ChangedDaysAsync(DateTimeOffset since, DateTimeOffset earliest, CancellationToken cancellationToken)
    {
        var first = Day(earliest);
        var late = await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first && row.LoggedAt >= since).Select(row => row.Day).Distinct().ToListAsync(cancellationToken);
        var changed = await db.Actuals.AsNoTracking().Where(row => row.DeploymentId == deployment && row.ReceivedAt >= since)
            .Select(row => new { row.PredictionId, row.EventAt }).ToListAsync(cancellationToken);
        if (changed.Count == 0)
            return late.ToHashSet();
        // Looked up here and not joined: of tables that have just been filled the database knows no statistics, and would try each with each.
        var last = changed.GroupBy(row => row.PredictionId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max(row => row.EventAt), StringComparer.Ordinal);
        var to = Day(changed.Max(row => row.EventAt));
        var rows = db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first && row.Day <= to);
        if (last.Count <= MostNamed)
        {
            var ids = last.Keys.ToArray();
            rows = rows.Where(row => ids.Contains(row.PredictionId));
        }

        var known = new HashSet<DateOnly>();
        await foreach (var row in rows.Select(row => new { row.PredictionId, row.OccurredAt, row.Day }).AsAsyncEnumerable().WithCancellation(cancellationToken))
            if (last.TryGetValue(row.PredictionId, out var at) && row.OccurredAt <= at)
                known.Add(row.Day);
        return late.Concat(known).ToHashSet();
    }

    /// <summary>The columns of the first predictions of a stretch, each as its first value is.</summary>
    public async Task<ColumnPlan> SeenAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        var day = Day(from);
        var samples = await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= day && row.OccurredAt >= from)
            .OrderBy(row => row.OccurredAt).Select(row => row.Features).Take(200).ToListAsync(cancellationToken);
        return ColumnPlan.Of(samples.SelectMany(text => JsonElement.Parse(text).EnumerateObject()).Where(feature => feature.Value.ValueKind != JsonValueKind.Null).Select(feature => (feature.Name, feature.Value.ValueKind switch
        {
            JsonValueKind.Number => ColumnKind.Number,
            JsonValueKind.True or JsonValueKind.False => ColumnKind.Truth,
            _ => ColumnKind.Category,
        })));
    }

    public IQueryable<PredictionRow> Stretch(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (Day(from), Day(to));
        return db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first && row.Day <= last && row.OccurredAt >= from && row.OccurredAt < to);
    }

    /// <summary>Ids that were used at several times around the stretch: all of their times, ascending.</summary>
    public async Task<Dictionary<string, List<DateTimeOffset>>> RepeatedAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, last) = (Day(from - Far), Day(to + Far));
        var rows = db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first && row.Day <= last);
        var ids = await rows.GroupBy(row => row.PredictionId).Where(group => group.Count() > 1).Select(group => group.Key).ToListAsync(cancellationToken);
        if (ids.Count == 0)
            return [];
        var found = await rows.Where(row => ids.Contains(row.PredictionId)).Select(row => new { row.PredictionId, row.OccurredAt }).ToListAsync(cancellationToken);
        return found.GroupBy(row => row.PredictionId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(row => row.OccurredAt).Order().ToList(), StringComparer.Ordinal);
    }

    /// <summary>Outcomes of the deployment that may belong to predictions of the stretch, in the order of their events.</summary>
    public async Task<Dictionary<string, List<(DateTimeOffset At, double Value)>>> OutcomesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var last = to + Far;
        var outcomes = new Dictionary<string, List<(DateTimeOffset At, double Value)>>(StringComparer.Ordinal);
        var rows = db.Actuals.AsNoTracking().Where(row => row.DeploymentId == deployment && row.EventAt >= from && row.EventAt < last).OrderBy(row => row.EventAt)
            .Select(row => new { row.PredictionId, row.EventAt, row.Value });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!outcomes.TryGetValue(row.PredictionId, out var events))
                outcomes[row.PredictionId] = events = new(1);
            events.Add((row.EventAt, row.Value));
        }

        return outcomes;
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
