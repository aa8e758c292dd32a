using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>One column that a list is sorted by. None is ever null: what may be missing is sorted by a column of 0 and 1 first.</summary>
internal sealed record SortKey(SortKind Kind, bool Ascending, Func<FilterSql, FilterSql> Expression)
{
    public FilterSql Write(FilterSql sql, string then) => Expression(sql).Text(then);

    public string Read(NpgsqlDataReader reader, int column) => Kind switch
    {
        SortKind.Text => reader.GetString(column),
        SortKind.Whole => reader.GetInt64(column).ToString(CultureInfo.InvariantCulture),
        SortKind.Number => reader.GetDouble(column).ToString("R", CultureInfo.InvariantCulture),
        SortKind.Id => reader.GetGuid(column).ToString("d"),
        _ => throw new InvalidOperationException($"A key is no {Kind}."),
    };

    /// <summary>What <see cref="Read"/> made of it, as a parameter.</summary>
    public FilterSql Value(FilterSql sql, string text) => Kind switch
    {
        SortKind.Text => sql.Value(text),
        SortKind.Whole => sql.Value(long.Parse(text, CultureInfo.InvariantCulture)),
        SortKind.Number => sql.Value(double.Parse(text, CultureInfo.InvariantCulture)),
        SortKind.Id => sql.Value(text).Text("::uuid"),
        _ => throw new InvalidOperationException($"A key is no {Kind}."),
    };
}

internal enum SortKind
{
    Text,
    Whole,
    Number,
    Id,
}

/// <summary>How a list of models is sorted: what was asked for, missing values and NaN last either way, then the newest first, then by id.</summary>
internal sealed record LoggedModelSort(ImmutableArray<SortKey> Keys)
{
    private const int MostOrders = 10;

    public static Result<LoggedModelSort> Of(ImmutableArray<LoggedModelOrder> orders)
    {
        if (orders.Length > MostOrders)
            return LoggedModelErrors.Filter($"order_by has more than {MostOrders} items.");
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        foreach (var order in orders)
        {
            var parsed = SearchOrder.ParseKey(FilterSchemas.LoggedModels, order.Field, order.Ascending);
            if (parsed.Fault is { } fault)
                return fault.Fault.Refusal;
            Add(keys, parsed.Terms[0], order);
        }

        keys.Add(new SortKey(SortKind.Whole, Ascending: false, sql => sql.Text("model.created_ms")));
        keys.Add(new SortKey(SortKind.Id, Ascending: true, sql => sql.Text("model.id")));
        return new LoggedModelSort(keys.ToImmutable());
    }

    /// <summary>The rows after the one with these values.</summary>
    public FilterSql WriteAfter(FilterSql sql, ImmutableArray<string?> values)
    {
        sql.Text("(");
        for (var at = 0; at < Keys.Length; at++)
        {
            sql.Text(at == 0 ? "(" : " OR (");
            for (var before = 0; before < at; before++)
                Keys[before].Value(sql.Text(LoggedModelSearch.Key(before)).Text(" = "), values[before] ?? "").Text(" AND ");
            Keys[at].Value(sql.Text(LoggedModelSearch.Key(at)).Text(Keys[at].Ascending ? " > " : " < "), values[at] ?? "").Text(")");
        }

        return sql.Text(")");
    }

    private static void Add(ImmutableArray<SortKey>.Builder keys, OrderTerm term, LoggedModelOrder order)
    {
        if (term.Entity == FilterEntity.Metric)
        {
            keys.Add(new SortKey(SortKind.Whole, Ascending: true, sql => Latest(sql.Text("("), term.Key, order).Text(" IS NULL)::int::bigint")));
            keys.Add(new SortKey(SortKind.Number, term.Ascending, sql => Latest(sql.Text("coalesce("), term.Key, order).Text(", 0)")));
            return;
        }

        var column = term.Key == "status" ? "model.status::bigint" : LoggedModelColumns.Attribute(term.Key);
        if (term.Type == FilterType.Whole || term.Key == "status")
        {
            keys.Add(new SortKey(SortKind.Whole, term.Ascending, sql => sql.Text(column)));
            return;
        }

        keys.Add(new SortKey(SortKind.Whole, Ascending: true, sql => sql.Text($"({column} IS NULL)::int::bigint")));
        keys.Add(new SortKey(SortKind.Text, term.Ascending, sql => sql.Text($"coalesce({column}, '') COLLATE \"C\"")));
    }

    /// <summary>The latest value of a metric; null when there is none or it is NaN.</summary>
    private static FilterSql Latest(FilterSql sql, string key, LoggedModelOrder order)
    {
        sql.Text("(SELECT NULLIF(metric.value, 'NaN'::float8) FROM tracking.logged_model_metrics metric WHERE metric.tenant_id = model.tenant_id AND metric.model_id = model.id AND metric.key = ").Value(key);
        if (order.DatasetName is { } name)
            sql.Text(" AND metric.dataset_name = ").Value(name);
        if (order.DatasetDigest is { } digest)
            sql.Text(" AND metric.dataset_digest = ").Value(digest);
        return sql.Text(" ORDER BY metric.timestamp DESC, metric.step DESC, metric.run_id LIMIT 1)");
    }
}
