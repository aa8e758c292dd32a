using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>How one kind of thing answers a comparison in SQL: by whoever owns its tables.</summary>
public interface IFilterColumns
{
    /// <summary>Writes a boolean expression about the row in hand. Null counts as "no".</summary>
    void Write(FilterTerm term, FilterSql sql);
}

/// <summary>Writes SQL with parameters. <see cref="Text"/> is for the program's own words; whatever a user wrote goes through <see cref="Value(string)"/> and its siblings.</summary>
/// <param name="prefix">Of the parameters' names, so that they do not meet the statement's own.</param>
public sealed class FilterSql(string prefix = "f")
{
    private readonly StringBuilder text = new();
    private readonly List<NpgsqlParameter> parameters = [];

    public IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    public override string ToString() => text.ToString();

    public FilterSql Text(string sql)
    {
        text.Append(sql);
        return this;
    }

    public FilterSql Value(string value) => Add(NpgsqlDbType.Text, value);

    public FilterSql Value(long value) => Add(NpgsqlDbType.Bigint, value);

    public FilterSql Value(double value) => Add(NpgsqlDbType.Double, value);

    public FilterSql Value(Guid value) => Add(NpgsqlDbType.Uuid, value);

    public FilterSql Values(Guid[] values) => Add(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    public FilterSql Values(string[] values) => Add(NpgsqlDbType.Array | NpgsqlDbType.Text, values);

    public FilterSql Filter(FilterNode node, IFilterColumns columns)
    {
        switch (node)
        {
            case AllOf { Parts: [] }:
                return Text("TRUE");
            case AllOf all:
                return Joined(all.Parts, " AND ", columns);
            case AnyOf any:
                return Joined(any.Parts, " OR ", columns);
            case NoneOf none:
                Text("((").Filter(none.Inner, columns).Text(") IS NOT TRUE)");
                return this;
            case FilterTerm term:
                columns.Write(term, this);
                return this;
            default:
                throw new InvalidOperationException($"A filter has no {node.GetType().Name}.");
        }
    }

    /// <summary>The term about a column of the row in hand.</summary>
    /// <param name="column">SQL of the program's own, as <c>r.status</c>.</param>
    public FilterSql Compare(string column, FilterTerm term)
    {
        switch (term.Operator)
        {
            case FilterOperator.IsNull:
                return Text(column).Text(" IS NULL");
            case FilterOperator.IsNotNull:
                return Text(column).Text(" IS NOT NULL");
            case FilterOperator.In:
                return Text(column).Text(" = ANY(").List(term).Text(")");
            case FilterOperator.NotIn:
                return Text(column).Text(" <> ALL(").List(term).Text(")");
            case FilterOperator.Like:
                return Text(column).Text(" LIKE ").One(term).Text(" ESCAPE ''");
            case FilterOperator.ILike:
                return Text(column).Text(" ILIKE ").One(term).Text(" ESCAPE ''");
            case FilterOperator.Greater or FilterOperator.GreaterOrEqual when term.Type == FilterType.Number:
                // PostgreSQL holds NaN above every number.
                return Text("(").Text(column).Text(Sign(term.Operator)).One(term).Text(" AND ").Text(column).Text(" < 'NaN'::float8)");
            default:
                return Text(column).Text(Sign(term.Operator)).One(term);
        }
    }

    /// <summary>The term about rows that hang on the row in hand, one per key: a tag, a param, a latest metric.</summary>
    /// <param name="from">Rows of the thing in hand, as <c>tracking.tag t WHERE t.run_no = r.no</c>.</param>
    /// <param name="keyColumn">As <c>t.key</c>.</param>
    /// <param name="valueColumn">As <c>t.value</c>.</param>
    public FilterSql Exists(string from, string keyColumn, string valueColumn, FilterTerm term)
    {
        if (term.Operator == FilterOperator.IsNull)
            Text("NOT ");
        Text("EXISTS (SELECT 1 FROM ").Text(from).Text(" AND ").Text(keyColumn).Text(" = ").Value(term.Key);
        if (term.Operator is not (FilterOperator.IsNull or FilterOperator.IsNotNull))
            Text(" AND ").Compare(valueColumn, term);
        return Text(")");
    }

    private FilterSql Joined(ImmutableArray<FilterNode> parts, string word, IFilterColumns columns)
    {
        Text("(");
        for (var index = 0; index < parts.Length; index++)
            Text(index == 0 ? "" : word).Filter(parts[index], columns);
        return Text(")");
    }

    private FilterSql One(FilterTerm term) => term.Values[0] switch
    {
        { Text: { } value } => Value(value),
        { Whole: { } whole } when term.Type == FilterType.Whole => Value(whole),
        var number => Value(number.Number),
    };

    private FilterSql List(FilterTerm term) => term.Type switch
    {
        FilterType.Text => Values([.. term.Values.Select(value => value.Text!)]),
        FilterType.Whole when term.Values.All(value => value.Whole is not null) =>
            Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, term.Values.Select(value => value.Whole!.Value).ToArray()),
        _ => Add(NpgsqlDbType.Array | NpgsqlDbType.Double, term.Values.Select(value => value.Number).ToArray()),
    };

    private FilterSql Add(NpgsqlDbType type, object value)
    {
        var name = prefix + parameters.Count.ToString(CultureInfo.InvariantCulture);
        parameters.Add(new NpgsqlParameter(name, type) { Value = value });
        return Text("@").Text(name);
    }

    private static string Sign(FilterOperator comparator) => comparator switch
    {
        FilterOperator.Equal => " = ",
        FilterOperator.NotEqual => " <> ",
        FilterOperator.Less => " < ",
        FilterOperator.LessOrEqual => " <= ",
        FilterOperator.Greater => " > ",
        FilterOperator.GreaterOrEqual => " >= ",
        _ => throw new InvalidOperationException($"{comparator} is no sign."),
    };
}
