using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <summary>One page of a search, found in one of four ways:
/// <list type="bullet">
/// <item>few runs can match (an index has counted them, up to <see cref="Few"/>): these are looked at, newest first;</item>
/// <item>an index has the newest runs with a value first: it is followed until the page is full;</item>
/// <item>else all runs are looked at from the newest on, at most <see cref="Walk"/> of them; when the page is not full then, the runs of the best index, however many;</item>
/// <item>in another order than by start: what can match is sorted.</item>
/// </list>
/// Each look at a run is a handful of index probes. Nothing depends on how far back the page is.</summary>
internal sealed class RunSearch(
    FilterNode filter, ImmutableArray<OrderTerm> order, IReadOnlyDictionary<string, int> keys, IReadOnlyDictionary<int, bool> experiments, ViewType view, int most, ImmutableArray<string?>? after)
{
    private const int Few = 10_000;
    private const int Walk = 20_000;
    private readonly RunColumns columns = new(keys);
    private readonly int[] numbers = [.. experiments.Keys.Order()];
    private readonly int[] deleted = [.. experiments.Where(experiment => experiment.Value).Select(experiment => experiment.Key)];

    public sealed record Found(long[] Numbers, ImmutableArray<string?>? Last);

    private bool IsByStart => order.IsEmpty || (order.Length == 1 && order[0] is { Entity: FilterEntity.Attribute, Key: "start_time", Ascending: false });

    /// <returns>Null when the token does not fit the query.</returns>
    public async Task<Found?> FindAsync(NpgsqlConnection connection, TenantId tenant, CancellationToken cancellationToken)
    {
        var seeks = filter.Conjuncts.Select(part => RunSeek.Of(part, keys)).OfType<RunSeek>().ToList();
        var best = await BestAsync(connection, tenant, seeks, cancellationToken);
        if (!IsByStart)
            return await RunAsync(connection, tenant, Sorted(best.Few), Sort, cancellationToken);
        if (best.Few is not null)
            return await RunAsync(connection, tenant, ByStart(best.Few, null), Start, cancellationToken);
        if (numbers.Length == 1 && seeks.Find(seek => seek.IsOrdered) is { } ordered)
            return await RunAsync(connection, tenant, ByStart(ordered, null), Start, cancellationToken);
        if (filter is AllOf { Parts.IsEmpty: true })
            return await RunAsync(connection, tenant, ByStart(null, null), Start, cancellationToken);
        var near = await RunAsync(connection, tenant, ByStart(null, Walk), Start, cancellationToken);
        return near is null || near.Last is not null || near.Numbers.Length == most ? near : await RunAsync(connection, tenant, ByStart(seeks.FirstOrDefault(), null), Start, cancellationToken);
    }

    /// <summary>Asks each index how many runs it would bring, up to a bound; the one with the fewest wins if it stays under it.</summary>
    private async Task<(RunSeek? Few, int Count)> BestAsync(NpgsqlConnection connection, TenantId tenant, List<RunSeek> seeks, CancellationToken cancellationToken)
    {
        // One condition that an index has in order needs no count.
        if (seeks.Count == 0 || (IsByStart && seeks.Count == 1 && seeks[0].IsOrdered && numbers.Length == 1 && filter.Terms.Take(2).Count() == 1))
            return (null, 0);
        var sql = new FilterSql();
        sql.Text("SELECT ");
        for (var index = 0; index < seeks.Count; index++)
        {
            sql.Text(index == 0 ? "(SELECT count(*) FROM (" : ", (SELECT count(*) FROM (");
            Candidates(sql, seeks[index], distinct: false);
            sql.Text(string.Create(CultureInfo.InvariantCulture, $" LIMIT {Few + 1}) few)"));
        }

        await using var count = Command(connection, tenant, sql);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var counts = seeks.Select((seek, index) => (Seek: seek, Count: (int)reader.GetInt64(index))).OrderBy(each => each.Count).First();
        return counts.Count <= Few ? (counts.Seek, counts.Count) : (null, counts.Count);
    }

    private static SortKeys Start { get; } = new([new("c.start_time", FilterType.Whole, Ascending: false, CanMiss: false), new("c.run_no", FilterType.Whole, Ascending: true, CanMiss: false)]);

    private SortKeys Sort
    {
        get
        {
            var sorted = ImmutableArray.CreateBuilder<SortKey>();
            foreach (var term in order)
                sorted.Add(new SortKey(Expression(term), term.Type, term.Ascending, CanMiss: term.Entity != FilterEntity.Attribute || term.Key == "end_time"));
            if (!order.Any(term => term is { Entity: FilterEntity.Attribute, Key: "start_time" }))
                sorted.Add(new SortKey("r.start_time", FilterType.Whole, Ascending: false, CanMiss: false));
            sorted.Add(new SortKey("r.no", FilterType.Whole, Ascending: true, CanMiss: false));
            return new SortKeys(sorted.ToImmutable());
        }
    }

    private string Expression(OrderTerm term)
    {
        if (term.Entity == FilterEntity.Attribute)
            return RunColumns.Attribute(term.Key);
        var (table, missing) = term.Entity switch
        {
            FilterEntity.Metric => ("tracking.latest_metrics", "NULL::float8"),
            FilterEntity.Param => ("tracking.params", "NULL::text"),
            _ => ("tracking.tags", "NULL::text"),
        };
        return keys.TryGetValue(term.Key, out var number)
            ? $"(SELECT o.value FROM {table} o WHERE o.run_no = r.no AND o.key_id = {number.ToString(CultureInfo.InvariantCulture)})"
            : missing;
    }

    /// <summary>Newest first: candidates come in order, each is looked at, and the page ends it.</summary>
    private FilterSql? ByStart(RunSeek? seek, int? walk)
    {
        var sql = new FilterSql();
        sql.Text($"SELECT c.run_no{Start.Columns} FROM (");
        if (seek is null)
            sql.Text("SELECT c.run_no, c.start_time FROM (SELECT u.no AS run_no, u.start_time, u.experiment_no FROM tracking.runs u) c WHERE ").Text(Experiment("c.experiment_no"));
        else
            Candidates(sql.Text("SELECT c.run_no, c.start_time FROM ("), seek, distinct: seek.Sources.Length > 1 || !seek.IsOrdered).Text(") c WHERE TRUE");
        Times(sql);
        if (!Start.After(sql, after))
            return null;
        sql.Text($" ORDER BY {Start.OrderBy}");
        if (walk is { } steps)
            sql.Text($" LIMIT {steps.ToString(CultureInfo.InvariantCulture)}");
        // OFFSET 0 keeps the look at one run a look at one run, whatever the planner believes of the filter.
        sql.Text(") c CROSS JOIN LATERAL (SELECT 1 FROM tracking.runs r WHERE r.no = c.run_no AND ").Text(View()).Text(" AND ").Filter(filter, columns).Text(" OFFSET 0) r");
        return sql.Text($" ORDER BY {Start.OrderBy} LIMIT {Limit}");
    }

    private FilterSql? Sorted(RunSeek? seek)
    {
        var sort = Sort;
        var sql = new FilterSql();
        if (seek is null)
            sql.Text($"SELECT r.no{sort.Columns} FROM tracking.runs r WHERE ").Text(Experiment("r.experiment_no"));
        else
            Candidates(sql.Text($"WITH c AS MATERIALIZED ("), seek, distinct: true).Text($") SELECT r.no{sort.Columns} FROM c JOIN tracking.runs r ON r.no = c.run_no WHERE TRUE");
        sql.Text(" AND ").Text(View()).Text(" AND ").Filter(filter, columns);
        return sort.After(sql, after) ? sql.Text($" ORDER BY {sort.OrderBy} LIMIT {Limit}") : null;
    }

    private FilterSql Candidates(FilterSql sql, RunSeek seek, bool distinct)
    {
        for (var index = 0; index < seek.Sources.Length; index++)
        {
            sql.Text(index == 0 ? "" : distinct ? " UNION " : " UNION ALL ").Text(distinct && seek.Sources.Length == 1 ? "SELECT DISTINCT c.run_no, c.start_time FROM " : "SELECT c.run_no, c.start_time FROM ");
            seek.Sources[index](sql);
            sql.Text(" AND ").Text(Experiment("c.experiment_no"));
        }

        return sql;
    }

    /// <summary>Bounds on the start that the filter has anyway: the candidates' index knows it too.</summary>
    private void Times(FilterSql sql)
    {
        foreach (var term in filter.Conjuncts.OfType<FilterTerm>())
            if (term is { Entity: FilterEntity.Attribute, Key: "start_time", Operator: FilterOperator.Greater or FilterOperator.GreaterOrEqual or FilterOperator.Less or FilterOperator.LessOrEqual or FilterOperator.Equal })
                sql.Text(" AND ").Compare("c.start_time", term);
    }

    private string Experiment(string column) => numbers.Length == 1 ? $"{column} = {numbers[0].ToString(CultureInfo.InvariantCulture)}" : $"{column} = ANY(@experiments)";

    private string View() => view switch
    {
        ViewType.ActiveOnly => "r.deleted_at IS NULL",
        ViewType.DeletedOnly when deleted.Length == numbers.Length => "TRUE",
        ViewType.DeletedOnly => "(r.deleted_at IS NOT NULL OR r.experiment_no = ANY(@deleted))",
        ViewType.All => "TRUE",
        _ => throw new InvalidOperationException($"There is no view {view}."),
    };

    private string Limit => (most + 1).ToString(CultureInfo.InvariantCulture);

    private async Task<Found?> RunAsync(NpgsqlConnection connection, TenantId tenant, FilterSql? sql, SortKeys sort, CancellationToken cancellationToken)
    {
        if (sql is null)
            return null;
        await using var command = Command(connection, tenant, sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<long>();
        ImmutableArray<string?>? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (found.Count == most)
                return new Found([.. found], last);
            found.Add(reader.GetInt64(0));
            if (found.Count == most)
                last = sort.Read(reader, 1);
        }

        return new Found([.. found], null);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, TenantId tenant, FilterSql sql)
    {
        var command = new NpgsqlCommand(sql.ToString(), connection) { CommandTimeout = 30 };
        command.Parameters.Add(new NpgsqlParameter("tenant", tenant.Value));
        command.Parameters.Add(new NpgsqlParameter("experiments", numbers));
        command.Parameters.Add(new NpgsqlParameter("deleted", deleted));
        foreach (var parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}
