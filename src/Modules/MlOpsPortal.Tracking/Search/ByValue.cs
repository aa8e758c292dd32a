using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <summary>An order by a metric, a parameter or a tag, as an index has it: value, then start. Where it is missing (or NaN) comes behind, and is not in here.</summary>
internal sealed class ByValue
{
    private readonly OrderTerm order;
    private readonly int number;
    private readonly ImmutableArray<FilterTerm> bounds;

    private ByValue(OrderTerm order, int number, ImmutableArray<FilterTerm> bounds) => (this.order, this.number, this.bounds) = (order, number, bounds);

    /// <summary>Null for any other order, and for a name that was never logged.</summary>
    public static ByValue? Of(FilterNode filter, ImmutableArray<OrderTerm> order, IReadOnlyDictionary<string, int> keys) =>
        order is [{ Entity: FilterEntity.Metric or FilterEntity.Param or FilterEntity.Tag } by] && keys.TryGetValue(by.Key, out var number)
            ? new ByValue(by, number, [.. filter.Conjuncts.OfType<FilterTerm>().Where(term => term.Entity == by.Entity && term.Key == by.Key)])
            : null;

    /// <summary>What the index has of the value. A text of which that is not all is not in order there: see <see cref="IsInIndexAsync"/>.</summary>
    public static string Column(OrderTerm order) => order.Entity == FilterEntity.Metric ? "c.value" : "c.value_start";

    /// <summary>The filter itself asks for a value, which is no NaN.</summary>
    public bool IsNeeded => bounds.Any(term => order.Entity == FilterEntity.Metric
        ? term.Operator is FilterOperator.Greater or FilterOperator.GreaterOrEqual or FilterOperator.Less or FilterOperator.LessOrEqual or FilterOperator.Equal
        : term.Operator != FilterOperator.IsNull);

    /// <param name="last">The value of the run that the page begins behind.</param>
    public bool IsTail(string last) => last == SortKeys.Missing || (order.Entity == FilterEntity.Metric && last == "NaN");

    /// <summary>Is every text short enough that the index has the whole of it?</summary>
    public async Task<bool> IsInIndexAsync(Func<FilterSql, NpgsqlCommand> command, string experiments, CancellationToken cancellationToken)
    {
        if (order.Entity == FilterEntity.Metric)
            return true;
        await using var ask = command(new FilterSql().Text($"SELECT NOT EXISTS (SELECT 1 FROM {Table} c WHERE c.tenant_id = @tenant AND {experiments} AND c.key_id = {Number} AND {RunTables.IsLong.Replace("value_start", "c.value_start", StringComparison.Ordinal)})"));
        return await ask.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>The runs with a value, as a query to which conditions on <c>c</c> can be added; what the filter says of the same value, the index knows too.</summary>
    public void Write(FilterSql sql, string experiment)
    {
        var column = Column(order);
        sql.Text($"SELECT c.run_no, c.start_time, {column} FROM {Table} c WHERE c.tenant_id = @tenant AND c.key_id = {Number} AND ").Text(experiment);
        if (order.Entity == FilterEntity.Metric)
            sql.Text(" AND c.value < 'NaN'");
        foreach (var term in bounds)
            if (term.Operator is not (FilterOperator.IsNull or FilterOperator.IsNotNull))
                sql.Text(" AND ").Compare(column, term);
    }

    private string Number => number.ToString(CultureInfo.InvariantCulture);

    private string Table => order.Entity switch
    {
        FilterEntity.Metric => "tracking.latest_metrics",
        FilterEntity.Param => "tracking.params",
        _ => "tracking.tags",
    };
}
