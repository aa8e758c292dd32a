using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <summary>One page of a search. By start, it is found in one of three ways:
/// <list type="bullet">
/// <item>few runs can match (an index has counted them, up to <see cref="Few"/>): these are looked at, newest first;</item>
/// <item>indexes have the newest runs with a value first: they are followed until the page is full;</item>
/// <item>else all runs are looked at from the newest on, at most <see cref="Walk"/> of them; when the page is not full then, the runs of an index, however many, or in one go whatever the filter leaves.</item>
/// </list>
/// By a metric, a parameter or a tag its index is followed (<see cref="ByValue"/>); in any other order whatever can match is sorted. Each look at a run is a handful of
/// index probes, and nothing depends on how far back the page is. Of several experiments each gives its own part of the page.</summary>
internal sealed class RunSearch(
    FilterNode filter, ImmutableArray<OrderTerm> order, IReadOnlyDictionary<string, int> keys, IReadOnlyDictionary<int, bool> experiments, ViewType view, int most, ImmutableArray<string?>? after)
{
    private const int Few = 10_000;
    private const int Walk = 20_000;

    /// <summary>So few are sorted sooner than an index is followed.</summary>
    private const int Handful = 200;

    /// <summary>For what follows an index: the planner, which does not know how soon a page is full, would rather sort every run once. Until the end of the batch.</summary>
    private const string FollowIndex =
        "SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";

    private readonly ByValue? byValue = ByValue.Of(filter, order, keys);
    private readonly RunColumns columns = new(keys);
    private readonly int[] numbers = [.. experiments.Keys.Order()];
    private readonly int[] deleted = [.. experiments.Where(experiment => experiment.Value).Select(experiment => experiment.Key)];

    /// <param name="End">The sort keys of the page's last run; null when the page is not full.</param>
    public sealed record Found(long[] Numbers, ImmutableArray<string?>? End, bool HasMore)
    {
        /// <summary>Where the next page begins; null on the last one.</summary>
        public ImmutableArray<string?>? Last => HasMore ? End : null;
    }

    private bool IsByStart => order.IsEmpty || (order.Length == 1 && order[0] is { Entity: FilterEntity.Attribute, Key: "start_time" });

    /// <summary>As the candidates <c>c</c> are sorted that an index brings in order.</summary>
    private SortKeys IndexSort { get; } = new(IndexKeys(order));

    /// <returns>Null when the token does not fit the query.</returns>
    public async Task<Found?> FindAsync(NpgsqlConnection connection, TenantId tenant, CancellationToken cancellationToken)
    {
        var seeks = filter.Conjuncts.Select(part => RunSeek.Of(part, keys)).OfType<RunSeek>().ToList();
        var (few, count) = await FewAsync(connection, tenant, seeks, cancellationToken);
        if (!IsByStart)
            return byValue is not null && (few is null || count > Handful) && await byValue.IsInIndexAsync(sql => Command(connection, tenant, sql), Anywhere("c.experiment_no"), cancellationToken)
                ? await ByValueAsync(connection, tenant, byValue, few, cancellationToken)
                : await SortedAsync(connection, tenant, few, cancellationToken);
        if (few is not null)
            return await FollowAsync(connection, tenant, few, cancellationToken);
        if (seeks.Find(seek => seek.IsOrdered) is { } ordered)
            return await FollowAsync(connection, tenant, ordered, cancellationToken);
        if (filter is AllOf { Parts.IsEmpty: true })
            return await RunAsync(connection, tenant, InOrder(AllRuns), IndexSort, most, cancellationToken, FollowIndex);
        var near = await RunAsync(connection, tenant, InOrder(AllRuns, Walk), IndexSort, most, cancellationToken, FollowIndex);
        return near is null || near.HasMore || near.Numbers.Length == most
            ? near
            : seeks.FirstOrDefault() is { } any ? await FollowAsync(connection, tenant, any, cancellationToken) : await SortedAsync(connection, tenant, null, cancellationToken);
    }

    private Task<Found?> FollowAsync(NpgsqlConnection connection, TenantId tenant, RunSeek seek, CancellationToken cancellationToken) =>
        RunAsync(connection, tenant, InOrder(Seek(seek), times: seek.Sources.Length), IndexSort, most, cancellationToken, seek is { IsOrdered: true, IsSingle: true } ? FollowIndex : null);

    private Task<Found?> SortedAsync(NpgsqlConnection connection, TenantId tenant, RunSeek? few, CancellationToken cancellationToken) =>
        RunAsync(connection, tenant, Sorted(few, "TRUE", most), Sort, most, cancellationToken);

    /// <summary>Runs with a value by its index; behind them those where it is NaN or missing.</summary>
    private async Task<Found?> ByValueAsync(NpgsqlConnection connection, TenantId tenant, ByValue value, RunSeek? few, CancellationToken cancellationToken)
    {
        var isTail = after is [{ } last, ..] && value.IsTail(last);
        var head = isTail
            ? new Found([], null, HasMore: false)
            : await RunAsync(connection, tenant, InOrder(sql => value.Write(sql, Here("c.experiment_no")), few is null ? null : Walk), IndexSort, most, cancellationToken, FollowIndex);
        if (head is null || head.HasMore || (few is null && value.IsNeeded))
            return head;
        if (few is not null)
            return await SortedAsync(connection, tenant, few, cancellationToken);
        var left = most - head.Numbers.Length;
        var tail = await RunAsync(connection, tenant, Sorted(null, $"{new SortKey(Expression(order[0]), order[0].Type, Ascending: true, CanMiss: true).Rank} > 0", left, isTail), Sort, left, cancellationToken);
        return tail is null ? null : new Found([.. head.Numbers, .. tail.Numbers], left == 0 ? head.End : tail.End, tail.HasMore);
    }

    /// <summary>Asks each index how many runs it would bring, up to a bound.</summary>
    /// <returns>The one with the fewest; null when none stays under the bound.</returns>
    private async Task<(RunSeek? Seek, long Count)> FewAsync(NpgsqlConnection connection, TenantId tenant, List<RunSeek> seeks, CancellationToken cancellationToken)
    {
        // One condition that an index has in order needs no count.
        if (seeks.Count == 0 || (IsByStart && seeks is [{ IsOrdered: true, Sources.Length: 1 }] && filter is FilterTerm))
            return (null, 0);
        var sql = new FilterSql();
        sql.Text("SELECT ");
        for (var index = 0; index < seeks.Count; index++)
        {
            sql.Text(index == 0 ? "(SELECT count(*) FROM (" : ", (SELECT count(*) FROM (");
            Candidates(sql, seeks[index], "SELECT 1 FROM ", " UNION ALL ", Anywhere("c.experiment_no"));
            sql.Text(string.Create(CultureInfo.InvariantCulture, $" LIMIT {Few + 1}) few)"));
        }

        await using var count = Command(connection, tenant, sql);
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (best, least) = seeks.Select((seek, index) => (seek, reader.GetInt64(index))).MinBy(each => each.Item2);
        return least <= Few ? (best, least) : (null, least);
    }

    private static ImmutableArray<SortKey> IndexKeys(ImmutableArray<OrderTerm> order)
    {
        SortKey[] end = [new("c.start_time", FilterType.Whole, Ascending: false, CanMiss: false), new("c.run_no", FilterType.Whole, Ascending: true, CanMiss: false)];
        return order switch
        {
            [{ Entity: FilterEntity.Attribute } start] => [end[0] with { Ascending = start.Ascending }, end[1]],
            [{ Entity: FilterEntity.Metric or FilterEntity.Param or FilterEntity.Tag } value] => [new SortKey(ByValue.Column(value), value.Type, value.Ascending, CanMiss: false), .. end],
            _ => [.. end],
        };
    }

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

    /// <summary>Candidates come in order, each is looked at, and the page ends it.</summary>
    /// <param name="candidates">Writes a query with its WHERE, to which conditions on <c>c</c> can be added.</param>
    /// <param name="walk">How many are looked at, per experiment; null for as many as it takes.</param>
    /// <param name="times">How often one run may come at most.</param>
    private FilterSql? InOrder(Action<FilterSql> candidates, int? walk = null, int times = 1)
    {
        var sql = new FilterSql();
        var page = $" ORDER BY {IndexSort.OrderBy} LIMIT {Number((most + 1) * times)}";
        sql.Text($"SELECT c.run_no{IndexSort.Columns} FROM {(IsSeveral ? "unnest(@experiments) AS e(no) CROSS JOIN LATERAL " : "")}(SELECT c.* FROM (");
        candidates(sql);
        Times(sql);
        if (!IndexSort.After(sql, after))
            return null;
        sql.Text($" ORDER BY {IndexSort.OrderBy}{(walk is { } steps ? " LIMIT " + Number(steps) : "")}");
        // OFFSET 0 keeps the look at one run a look at one run, whatever the planner believes of the filter.
        sql.Text(") c CROSS JOIN LATERAL (SELECT 1 FROM tracking.runs r WHERE r.no = c.run_no AND ").Text(View()).Text(" AND ").Filter(filter, columns).Text($" OFFSET 0) r{page}");
        return sql.Text($") c{page}");
    }

    private void AllRuns(FilterSql sql) => sql.Text("SELECT c.* FROM (SELECT u.no AS run_no, u.start_time, u.experiment_no FROM tracking.runs u) c WHERE ").Text(Here("c.experiment_no"));

    /// <summary>Sources that bring no run twice are merged as they come; a run that two of them bring stands beside itself in the result.</summary>
    private Action<FilterSql> Seek(RunSeek seek) => seek switch
    {
        { Sources.Length: 1, IsSingle: true } => sql => Candidates(sql, seek, "SELECT c.run_no, c.start_time FROM ", "", Here("c.experiment_no")),
        { IsSingle: true } => sql => Candidates(sql.Text("SELECT c.* FROM ("), seek, "SELECT c.run_no, c.start_time FROM ", " UNION ALL ", Here("c.experiment_no"), isAfter: true).Text(") c WHERE TRUE"),
        _ => sql => Candidates(
            sql.Text("SELECT c.* FROM ("), seek, seek.Sources.Length == 1 ? "SELECT DISTINCT c.run_no, c.start_time FROM " : "SELECT c.run_no, c.start_time FROM ", " UNION ", Here("c.experiment_no"),
            isAfter: true).Text(") c WHERE TRUE"),
    };

    /// <param name="condition">On the run <c>r</c>, besides the filter's.</param>
    private FilterSql? Sorted(RunSeek? few, string condition, int limit, bool isAfter = true)
    {
        // A sort key that is looked up is looked up once per run, not once for every place where it stands.
        var once = order.Any(term => term.Entity != FilterEntity.Attribute && keys.ContainsKey(term.Key)) ? " OFFSET 0" : "";
        var inner = Sort;
        var sort = inner.Renamed("s.k");
        var sql = new FilterSql();
        var values = string.Concat(inner.Expressions.Select((expression, index) => $", {expression} AS k{Number(index)}"));
        if (few is not null)
            Candidates(sql.Text("WITH c AS MATERIALIZED ("), few, few.Sources.Length == 1 ? "SELECT DISTINCT c.run_no FROM " : "SELECT c.run_no FROM ", " UNION ", Anywhere("c.experiment_no")).Text(") ");
        sql.Text($"SELECT s.no{sort.Columns} FROM (SELECT r.no{values} FROM {(few is null ? "tracking.runs r WHERE " + Anywhere("r.experiment_no") : "c JOIN tracking.runs r ON r.no = c.run_no WHERE TRUE")}")
            .Text(" AND ").Text(condition).Text(" AND ").Text(View()).Text(" AND ").Filter(filter, columns).Text($"{once}) s WHERE TRUE");
        return !isAfter || sort.After(sql, after) ? sql.Text($" ORDER BY {sort.OrderBy} LIMIT {Number(limit + 1)}") : null;
    }

    /// <param name="isAfter">Each source knows where the page begins, so that a late page gathers no more than it can show.</param>
    private FilterSql Candidates(FilterSql sql, RunSeek seek, string select, string union, string experiment, bool isAfter = false)
    {
        for (var index = 0; index < seek.Sources.Length; index++)
        {
            sql.Text(index == 0 ? "" : union).Text(select);
            seek.Sources[index](sql);
            sql.Text(" AND ").Text(experiment);
            if (isAfter && after is not null)
                IndexSort.After(sql, after);
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

    private bool IsSeveral => numbers.Length > 1;

    /// <summary>In the experiment that is searched, or the one of several whose turn it is.</summary>
    private string Here(string column) => IsSeveral ? $"{column} = e.no" : Anywhere(column);

    private string Anywhere(string column) => IsSeveral ? $"{column} = ANY(@experiments)" : $"{column} = {Number(numbers[0])}";

    private string View() => view switch
    {
        ViewType.ActiveOnly => "r.deleted_at IS NULL",
        ViewType.DeletedOnly when deleted.Length == numbers.Length => "TRUE",
        ViewType.DeletedOnly => "(r.deleted_at IS NOT NULL OR r.experiment_no = ANY(@deleted))",
        ViewType.All => "TRUE",
        _ => throw new InvalidOperationException($"There is no view {view}."),
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="before">A statement in front, in the same transaction.</param>
    private async Task<Found?> RunAsync(NpgsqlConnection connection, TenantId tenant, FilterSql? sql, SortKeys sort, int limit, CancellationToken cancellationToken, string? before = null)
    {
        if (sql is null)
            return null;
        await using var batch = new NpgsqlBatch(connection) { Timeout = 30 };
        if (before is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(before));
        var command = new NpgsqlBatchCommand(sql.ToString());
        Add(command.Parameters, tenant, sql);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (before is not null)
            await reader.NextResultAsync(cancellationToken);
        var found = new List<long>();
        ImmutableArray<string?>? end = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var number = reader.GetInt64(0);
            if (found.Count > 0 && found[^1] == number)
                continue;
            if (found.Count == limit)
                return new Found([.. found], end, HasMore: true);
            found.Add(number);
            if (found.Count == limit)
                end = sort.Read(reader, 1);
        }

        return new Found([.. found], end, HasMore: false);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, TenantId tenant, FilterSql sql)
    {
        var command = new NpgsqlCommand(sql.ToString(), connection) { CommandTimeout = 30 };
        Add(command.Parameters, tenant, sql);
        return command;
    }

    private void Add(NpgsqlParameterCollection parameters, TenantId tenant, FilterSql sql)
    {
        parameters.Add(new NpgsqlParameter("tenant", tenant.Value));
        parameters.Add(new NpgsqlParameter("experiments", numbers));
        parameters.Add(new NpgsqlParameter("deleted", deleted));
        foreach (var parameter in sql.Parameters)
            parameters.Add(parameter);
    }
}
