using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <summary>One column that a list is sorted by.</summary>
/// <param name="Sql">An expression of the program's own.</param>
/// <param name="CanMiss">Values may be missing; they come last either way, after NaN.</param>
internal sealed record SortKey(string Sql, FilterType Type, bool Ascending, bool CanMiss)
{
    public string Rank => Type == FilterType.Number ? $"CASE WHEN {Sql} IS NULL THEN 2 WHEN {Sql} = 'NaN' THEN 1 ELSE 0 END" : $"CASE WHEN {Sql} IS NULL THEN 1 ELSE 0 END";
}

/// <summary>Sorts by several columns and goes on behind a row: no OFFSET, so that a late page costs what the first does.</summary>
internal sealed class SortKeys(ImmutableArray<SortKey> keys)
{
    /// <summary>Stands in a token for a value that a row does not have.</summary>
    public const string Missing = "\u0001";

    /// <summary>The columns to read for the token, each with a comma before it.</summary>
    public string Columns => string.Concat(keys.Select(key => $", {key.Sql}"));

    public string OrderBy => string.Join(", ", keys.SelectMany(key => (string[])(key.CanMiss ? [key.Rank, Direction(key)] : [Direction(key)])));

    public IEnumerable<string> Expressions => keys.Select(key => key.Sql);

    /// <summary>The same keys as columns of a query that has worked them out: <c>s.k0</c>, <c>s.k1</c>…</summary>
    public SortKeys Renamed(string prefix) => new([.. keys.Select((key, index) => key with { Sql = prefix + index.ToString(CultureInfo.InvariantCulture) })]);

    /// <summary>Reads the sort keys of a row.</summary>
    /// <param name="from">The first of <see cref="Columns"/>.</param>
    public ImmutableArray<string?> Read(NpgsqlDataReader row, int from) => [.. keys.Select((key, index) => row.IsDBNull(from + index) ? Missing : Text(row, key, from + index))];

    /// <summary>Writes the condition "behind this row", with a leading AND; nothing for the first page.</summary>
    /// <returns>False when the token does not have these keys.</returns>
    public bool After(FilterSql sql, ImmutableArray<string?>? token)
    {
        if (token is not { } last)
            return true;
        if (last.Length != keys.Length || last.Any(value => value is null))
            return false;
        // An index reads a range by this bound; by the alternatives that follow it alone, it would read from the first row on.
        if (!keys[0].CanMiss)
            Value(sql.Text($" AND {keys[0].Sql} {(keys[0].Ascending ? ">=" : "<=")} "), keys[0], last[0]!); // seen to be there
        sql.Text(" AND ");
        Behind(sql, last, 0);
        return true;
    }

    private void Behind(FilterSql sql, ImmutableArray<string?> last, int index)
    {
        var key = keys[index];
        var value = last[index]!; // seen to be there
        var rank = value == Missing ? key.Type == FilterType.Number ? 2 : 1 : key.Type == FilterType.Number && value == "NaN" ? 1 : 0;
        sql.Text("(");
        if (key.CanMiss)
            sql.Text($"{key.Rank} > {rank.ToString(CultureInfo.InvariantCulture)} OR ");
        if (rank == 0)
        {
            if (key.CanMiss)
                sql.Text($"({key.Rank} = 0 AND ");
            sql.Text(key.Sql).Text(key.Ascending ? " > " : " < ");
            Value(sql, key, value);
            if (key.CanMiss)
                sql.Text(")");
        }
        else
        {
            sql.Text("FALSE");
        }

        if (index + 1 < keys.Length)
        {
            sql.Text(" OR (");
            if (rank == 0)
                Value(sql.Text(key.Sql).Text(" = "), key, value);
            else
                sql.Text($"{key.Rank} = {rank.ToString(CultureInfo.InvariantCulture)}");
            sql.Text(" AND ");
            Behind(sql, last, index + 1);
            sql.Text(")");
        }

        sql.Text(")");
    }

    private static FilterSql Value(FilterSql sql, SortKey key, string value) => key.Type switch
    {
        FilterType.Text => sql.Value(value),
        FilterType.Whole => sql.Value(long.Parse(value, CultureInfo.InvariantCulture)),
        _ => sql.Value(double.Parse(value, CultureInfo.InvariantCulture)),
    };

    private static string Text(NpgsqlDataReader row, SortKey key, int column) => key.Type switch
    {
        FilterType.Text => row.GetString(column),
        FilterType.Whole => row.GetInt64(column).ToString(CultureInfo.InvariantCulture),
        _ => row.GetDouble(column).ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Direction(SortKey key) => key.Sql + (key.Ascending ? "" : " DESC");
}
