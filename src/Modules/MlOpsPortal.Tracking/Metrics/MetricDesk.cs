using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Metrics;

/// <summary>A part of a history.</summary>
/// <param name="NextToken">Null on the last page.</param>
public sealed record MetricHistory(ImmutableArray<Metric> Points, string? NextToken);

/// <summary>The points of one metric of one run that a chart draws.</summary>
/// <param name="Points">By step, then time.</param>
/// <param name="Sampled">There are more than these.</param>
public sealed record MetricSeries(RunId Run, string Key, ImmutableArray<Metric> Points, bool Sampled);

/// <summary>Histories of metrics.</summary>
public sealed class MetricDesk
{
    public const int MaxRuns = 100;
    public const int MaxPoints = 2_500;
    public const int MaxHistory = 25_000;

    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly IPermissions permissions;
    private readonly KeyBook keys;
    private readonly PageTokens tokens;

    internal MetricDesk(ITenantDb<TrackingDbContext> databases, Places places, IPermissions permissions, KeyBook keys, PageTokens tokens) =>
        (this.databases, this.places, this.permissions, this.keys, this.tokens) = (databases, places, permissions, keys, tokens);

    /// <summary>All points by time, step and value.</summary>
    /// <param name="most">At most so many on a page; null for all at once.</param>
    public async Task<Result<MetricHistory>> HistoryAsync(Caller caller, string run, string key, int? most, string? pageToken, CancellationToken cancellationToken)
    {
        if (most is <= 0)
            return TrackingErrors.Range("max_results", most.Value.ToString(CultureInfo.InvariantCulture), "a positive integer");
        var query = $"history\n{run}\n{key}";
        (long Timestamp, long Step, double Value)? after = null;
        if (pageToken is { Length: > 0 })
        {
            if (tokens.Read(caller.Tenant, query, pageToken) is not [{ } timestamp, { } step, { } value])
                return TrackingErrors.PageToken();
            after = (long.Parse(timestamp, CultureInfo.InvariantCulture), long.Parse(step, CultureInfo.InvariantCulture), double.Parse(value, CultureInfo.InvariantCulture));
        }

        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.RunAsync(connection, caller, run, TrackingPermissions.View, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (await keys.FindAsync(connection, caller.Tenant, key, cancellationToken) is not { } number)
            return new MetricHistory([], null);
        await using var read = connection.Sql(
            $"""
            SELECT value, timestamp, step FROM tracking.metrics WHERE run_no = $1 AND key_id = $2
            {(after is null ? "" : "AND (timestamp, step, value) > ($3, $4, $5)")}
            ORDER BY timestamp, step, value {(most is null ? "" : string.Create(CultureInfo.InvariantCulture, $"LIMIT {most + 1L}"))}
            """, after is { } from ? [place.Value.No, number, from.Timestamp, from.Step, from.Value] : [place.Value.No, number]);
        var points = await PointsAsync(read, key, cancellationToken);
        if (most is null || points.Count <= most)
            return new MetricHistory(points.ToImmutable(), null);
        points.Count = most.Value;
        var last = points[^1];
        return new MetricHistory(points.ToImmutable(), tokens.Write(
            caller.Tenant, query, last.Timestamp.ToString(CultureInfo.InvariantCulture), last.Step.ToString(CultureInfo.InvariantCulture), last.Value.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>Whole histories of several runs, one run after the other. Runs that the caller does not see have no points.</summary>
    public async Task<Result<ImmutableArray<MetricSeries>>> HistoriesAsync(Caller caller, IReadOnlyCollection<string> runs, string key, int most, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var seen = await VisibleAsync(connection, caller, runs, cancellationToken);
        var series = ImmutableArray.CreateBuilder<MetricSeries>();
        if (await keys.FindAsync(connection, caller.Tenant, key, cancellationToken) is not { } number)
            return series.ToImmutable();
        foreach (var run in seen.OrderBy(run => run.Id.ToString(), StringComparer.Ordinal))
        {
            if (most <= 0)
                break;
            await using var read = connection.Sql("SELECT value, timestamp, step FROM tracking.metrics WHERE run_no = $1 AND key_id = $2 ORDER BY timestamp, step, value LIMIT $3", run.No, number, most);
            var points = (await PointsAsync(read, key, cancellationToken)).ToImmutable();
            most -= points.Length;
            series.Add(new MetricSeries(run.Id, key, points, Sampled: false));
        }

        return series.ToImmutable();
    }

    /// <summary>At most <paramref name="most"/> points of each run, first and last among them; all of them where there are no more.</summary>
    /// <param name="from">First step; null for all.</param>
    public async Task<Result<ImmutableArray<MetricSeries>>> SampleAsync(
        Caller caller, IReadOnlyCollection<string> runs, string key, int most, long? from, long? to, CancellationToken cancellationToken)
    {
        if (most is < 1 or > MaxPoints)
            return TrackingErrors.Range("max_results", most.ToString(CultureInfo.InvariantCulture), $"between 1 and {MaxPoints}");
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var seen = (await VisibleAsync(connection, caller, runs, cancellationToken)).ToDictionary(run => run.Id);
        var series = ImmutableArray.CreateBuilder<MetricSeries>();
        if (await keys.FindAsync(connection, caller.Tenant, key, cancellationToken) is not { } number)
            return series.ToImmutable();
        foreach (var id in runs.Select(RunId.Parse).Where(seen.ContainsKey))
        {
            var (points, sampled) = await MetricSampler.SampleAsync(connection, seen[id].No, number, key, most, from ?? long.MinValue, to ?? long.MaxValue, cancellationToken);
            series.Add(new MetricSeries(id, key, points, sampled));
        }

        return series.ToImmutable();
    }

    internal static async Task<ImmutableArray<Metric>.Builder> PointsAsync(NpgsqlCommand read, string key, CancellationToken cancellationToken)
    {
        var points = ImmutableArray.CreateBuilder<Metric>();
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            points.Add(new Metric(key, reader.GetDouble(0), reader.GetInt64(1), reader.GetInt64(2)));
        return points;
    }

    private async Task<List<(RunId Id, long No)>> VisibleAsync(NpgsqlConnection connection, Caller caller, IReadOnlyCollection<string> runs, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var find = connection.Sql(
            "SELECT r.id, r.no, e.project_id FROM tracking.runs r JOIN tracking.experiments e ON e.no = r.experiment_no WHERE r.id = ANY($1)", runs.Select(run => RunId.Parse(run).Value).ToArray());
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new List<(RunId, long)>();
        while (await reader.ReadAsync(cancellationToken))
            if (visible.Contains(new(reader.GetGuid(2))))
                found.Add((new(reader.GetGuid(0)), reader.GetInt64(1)));
        return found;
    }
}
