using System.Globalization;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>The group of each row by one column: its values where there are few, quarters of the rows where it is a number of many values.</summary>
/// <param name="Groups">By row.</param>
/// <param name="Order">Of display.</param>
internal sealed record GroupColumn(string Column, bool Ranges, string[] Groups, IReadOnlyList<string> Order)
{
    public const string Missing = "missing";
    public const int MaxGroups = 50;

    /// <summary>A number of more values than this is cut into ranges.</summary>
    private const int MaxNumbers = 12;
    private const int Quarters = 4;

    /// <returns>Null for a column without groups: a date, a text of many values.</returns>
    public static GroupColumn? Read(DuckDbConnection connection, string data, DuckDbColumn column)
    {
        var isNumber = FeatureBatch.IsNumber(column.Type);
        if (!isNumber && column.Type is not (DuckDbType.Varchar or DuckDbType.Boolean))
            return null;
        var name = DuckDbSql.Identifier(column.Name);
        var from = $"FROM read_parquet({DuckDbSql.Literal(data)})";
        long distinct;
        using (var counted = connection.Query($"SELECT count(DISTINCT {name}) {from}"))
        {
            counted.Read();
            distinct = counted.GetInt64(0);
        }

        if (distinct == 0 || (!isNumber && distinct > MaxGroups))
            return null;
        return isNumber && distinct > MaxNumbers ? Cut(connection, column.Name, $"SELECT CAST({name} AS DOUBLE) {from}") : Values(connection, column.Name, isNumber, $"SELECT CAST({name} AS VARCHAR) {from}");
    }

    private static GroupColumn Values(DuckDbConnection connection, string column, bool isNumber, string select)
    {
        var groups = new List<string>();
        using var reader = connection.Query(select);
        while (reader.Read())
            groups.Add(reader.IsNull(0) ? Missing : reader.GetString(0));
        var known = groups.Distinct(StringComparer.Ordinal);
        return new GroupColumn(
            column, Ranges: false, [.. groups],
            isNumber ? [.. known.OrderBy(group => double.TryParse(group, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.PositiveInfinity)] : [.. known.Order(StringComparer.Ordinal)]);
    }

    private static GroupColumn Cut(DuckDbConnection connection, string column, string select)
    {
        var values = new List<double>();
        using (var reader = connection.Query(select))
            while (reader.Read())
                values.Add(reader.IsNull(0) ? double.NaN : reader.GetDouble(0));
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        var edges = Enumerable.Range(1, Quarters - 1).Select(quarter => sorted[(int)((long)quarter * sorted.Length / Quarters)]).Distinct().Where(edge => edge > sorted[0]).ToArray();
        var names = new List<string>();
        for (var range = 0; range <= edges.Length; range++)
            names.Add(Name(range == 0 ? sorted[0] : edges[range - 1], range == edges.Length ? sorted[^1] : edges[range], range == edges.Length));
        string[] groups = [.. values.Select(value => double.IsFinite(value) ? names[edges.Count(edge => edge <= value)] : Missing)];
        return new GroupColumn(column, Ranges: true, groups, groups.Contains(Missing, StringComparer.Ordinal) ? [.. names, Missing] : names);
    }

    private static string Name(double from, double to, bool isLast) =>
        string.Create(CultureInfo.InvariantCulture, $"{from:G6} to {(isLast ? "" : "below ")}{to:G6}");
}
