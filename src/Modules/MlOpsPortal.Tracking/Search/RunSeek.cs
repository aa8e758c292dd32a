using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Search;

/// <summary>A way to find the runs that a condition can hold for by an index, instead of looking at every run.</summary>
/// <param name="Sources">Each a <c>FROM … WHERE …</c> whose rows <c>c</c> have run_no and start_time; several for an OR.</param>
/// <param name="IsOrdered">The index of each source itself has the newest runs first, in one experiment.</param>
/// <param name="IsSingle">No source brings a run twice.</param>
internal sealed record RunSeek(ImmutableArray<Action<FilterSql>> Sources, bool IsOrdered, bool IsSingle)
{
    /// <returns>Null when no index helps.</returns>
    public static RunSeek? Of(FilterNode node, IReadOnlyDictionary<string, int> keys) => node switch
    {
        FilterTerm term => OfTerm(term, keys) is { } source ? new RunSeek([source], IsOrdered: Orders(term), IsSingle: term.Entity != FilterEntity.Dataset) : null,
        AnyOf any => Together(any.Parts.Select(part => Of(part, keys)).ToList()),
        AllOf all => all.Parts.Select(part => Of(part, keys)).FirstOrDefault(seek => seek is not null),
        _ => null,
    };

    private static RunSeek? Together(List<RunSeek?> parts) =>
        parts.TrueForAll(part => part is not null) ? new RunSeek([.. parts.SelectMany(part => part!.Sources)], parts.TrueForAll(part => part!.IsOrdered), parts.TrueForAll(part => part!.IsSingle)) : null; // each was just seen to be there

    private static bool Orders(FilterTerm term) => term.Operator == FilterOperator.Equal && (term.Entity is not FilterEntity.Dataset) && term.Key != "run_id";

    private static Action<FilterSql>? OfTerm(FilterTerm term, IReadOnlyDictionary<string, int> keys) => term.Entity switch
    {
        FilterEntity.Metric => Metric(term, keys),
        FilterEntity.Param => Text(term, "tracking.params", keys, term.Key),
        FilterEntity.Tag => Text(term, "tracking.tags", keys, term.Key),
        FilterEntity.Dataset => Dataset(term),
        FilterEntity.Attribute => Attribute(term, keys),
        _ => null,
    };

    private static Action<FilterSql>? Metric(FilterTerm term, IReadOnlyDictionary<string, int> keys)
    {
        if (term.Operator is FilterOperator.NotEqual or FilterOperator.NotIn or FilterOperator.IsNull or FilterOperator.IsNotNull)
            return null;
        return keys.TryGetValue(term.Key, out var number) ? sql => Values(sql, "tracking.latest_metrics", number).Compare("c.value", term) : Nothing;
    }

    private static Action<FilterSql>? Text(FilterTerm term, string table, IReadOnlyDictionary<string, int> keys, string key)
    {
        if (term.Operator is not (FilterOperator.Equal or FilterOperator.In or FilterOperator.Like))
            return null;
        if (!keys.TryGetValue(key, out var number))
            return Nothing;
        if (term.Operator == FilterOperator.Like)
            return Prefix(term.Values[0].Text!) is { Length: > 0 } prefix ? sql => Like(Values(sql, table, number), prefix, term) : null; // a pattern is a text
        var wanted = term.Values.Select(value => value.Text ?? "").ToArray();
        var starts = wanted.Select(Start).ToArray();
        var isWhole = Array.TrueForAll(wanted, text => text.Length < RunTables.ValueStartLength);
        return sql =>
        {
            Values(sql, table, number).Text("c.value_start = ");
            if (starts.Length == 1)
                sql.Value(starts[0]);
            else
                sql.Text("ANY(").Values(starts).Text(")");
            if (!isWhole)
                sql.Text(" AND ").Compare("c.value", term);
        };
    }

    private static void Like(FilterSql sql, string prefix, FilterTerm term)
    {
        sql.Text("c.value_start >= ").Value(prefix);
        if (After(prefix) is { } after)
            sql.Text(" AND c.value_start < ").Value(after);
        // "abc%" says nothing more than the range does.
        if (prefix.Length >= RunTables.ValueStartLength || term.Values[0].Text != prefix + "%" || After(prefix) is null)
            sql.Text(" AND ").Compare("c.value", term);
    }

    private static Action<FilterSql>? Attribute(FilterTerm term, IReadOnlyDictionary<string, int> keys)
    {
        if (term.Key == "run_name")
            return Text(term, "tracking.tags", keys, RunDesk.NameTag);
        if (term.Key == "run_id" && term.Operator is FilterOperator.Equal or FilterOperator.In)
            return sql => Runs(sql).Text("c.id = ANY(").Values([.. term.Values.Select(value => RunId.Parse(value.Text).Value.ToString("d"))]).Text("::uuid[])");
        if (term.Operator != FilterOperator.Equal)
            return null;
        return term.Key switch
        {
            "status" when RunColumns.Status(term.Values[0].Text) is { } status => sql => Runs(sql).Text("c.status = " + ((int)status).ToString(CultureInfo.InvariantCulture) + "::smallint"),
            "status" => Nothing,
            "user_id" => sql => Runs(sql).Compare("c.user_id", term),
            _ => null,
        };
    }

    private static Action<FilterSql>? Dataset(FilterTerm term) =>
        term.Operator == FilterOperator.Equal && term.Key is "name" or "digest"
            ? sql => sql.Text("(SELECT i.run_no, i.start_time, d.experiment_no FROM tracking.run_datasets d JOIN tracking.dataset_inputs i ON i.dataset_no = d.no AND i.tenant_id = @tenant WHERE d.tenant_id = @tenant AND ")
                .Compare("d." + term.Key, term).Text(") c WHERE TRUE")
            : null;

    private static FilterSql Values(FilterSql sql, string table, int key) =>
        sql.Text($"{table} c WHERE c.tenant_id = @tenant AND c.key_id = {key.ToString(CultureInfo.InvariantCulture)} AND ");

    private static FilterSql Runs(FilterSql sql) => sql.Text("(SELECT u.no AS run_no, u.start_time, u.experiment_no, u.id, u.status, u.user_id FROM tracking.runs u) c WHERE ");

    private static void Nothing(FilterSql sql) => sql.Text("tracking.latest_metrics c WHERE FALSE");

    /// <summary>What a value that matches must begin with, at most as long as the index holds.</summary>
    private static string Prefix(string pattern)
    {
        var end = pattern.AsSpan().IndexOfAny('%', '_');
        return Start(end < 0 ? pattern : pattern[..end]);
    }

    /// <summary>As the database cuts it: characters, not halves of pairs.</summary>
    private static string Start(string value) => value.Length <= RunTables.ValueStartLength ? value : string.Concat(value.EnumerateRunes().Take(RunTables.ValueStartLength));

    /// <summary>The least text that is greater than every text with the prefix; null when there is none.</summary>
    private static string? After(string prefix)
    {
        for (var end = prefix.Length; end > 0; end--)
            if (prefix[end - 1] < '\uD7FF')
                return prefix[..(end - 1)] + (char)(prefix[end - 1] + 1);
        return null;
    }
}
