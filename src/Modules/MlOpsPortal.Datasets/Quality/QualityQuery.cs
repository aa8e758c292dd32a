using System.Collections.Immutable;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Datasets.Quality;

/// <summary>Evaluates expectations on a relation. Values of users are parameters, names quoted identifiers.</summary>
internal sealed class QualityQuery(DuckDbConnection db, string relation, ImmutableArray<ColumnSchema> columns)
{
    private const int Examples = 5;

    public ImmutableArray<ExpectationResult> Run(ImmutableArray<Expectation> expectations) => [.. expectations.Select(One)];

    private ExpectationResult One(Expectation expectation) => expectation switch
    {
        NotNull rule => Known(rule, [rule.Column], () => Rows(rule, rule.Mostly, "true", $"{Name(rule.Column)} IS NOT NULL", "'(missing)'")),
        InRange rule => Known(rule, [rule.Column], () => IsNumeric(rule.Column) ? Range(rule) : Cannot(rule, "datasets.reason_not_numeric")),
        InSet rule => Known(rule, [rule.Column], () => Rows(
            rule, rule.Mostly, $"{Name(rule.Column)} IS NOT NULL", $"list_contains({DuckDbSql.Literal(rule.Values)}, CAST({Name(rule.Column)} AS VARCHAR))", $"CAST({Name(rule.Column)} AS VARCHAR)")),
        Unique rule => Known(rule, rule.Columns, () => Uniqueness(rule)),
        RowCountBetween rule => RowCount(rule),
        _ => throw new ArgumentOutOfRangeException(nameof(expectation), expectation.GetType().Name, "An expectation nobody evaluates."),
    };

    private ExpectationResult Range(InRange rule)
    {
        var name = Name(rule.Column);
        var within = (rule.Min, rule.Max) switch
        {
            ({ } min, { } max) => $"{name} >= {DuckDbSql.Literal(min)} AND {name} <= {DuckDbSql.Literal(max)}",
            ({ } min, null) => $"{name} >= {DuckDbSql.Literal(min)}",
            (null, { } max) => $"{name} <= {DuckDbSql.Literal(max)}",
            (null, null) => "true",
        };
        return Rows(rule, rule.Mostly, $"{name} IS NOT NULL", within, $"CAST({name} AS VARCHAR)");
    }

    private ExpectationResult Rows(Expectation rule, double mostly, string applies, string meets, string shown)
    {
        var (applicable, failed) = Pair($"SELECT count(*), count(*) FILTER (NOT ({meets})) FROM {relation} WHERE {applies}");
        if (applicable == 0)
            return new ExpectationResult(rule, Passed: true, 1, 0, 0, [], "datasets.reason_no_rows");
        var share = (double)(applicable - failed) / applicable;
        var examples = failed == 0 ? [] : Texts($"SELECT DISTINCT left({shown}, 100) FROM {relation} WHERE {applies} AND NOT ({meets}) ORDER BY 1 LIMIT {Examples}");
        return new ExpectationResult(rule, share >= mostly, share, applicable, failed, examples, null);
    }

    private ExpectationResult Uniqueness(Unique rule)
    {
        var names = string.Join(", ", rule.Columns.Select(Name));
        var there = string.Join(" OR ", rule.Columns.Select(column => $"{Name(column)} IS NOT NULL"));
        var (applicable, failed) = Pair($"SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (n > 1), 0) FROM (SELECT count(*) AS n FROM {relation} WHERE {there} GROUP BY {names})");
        if (applicable == 0)
            return new ExpectationResult(rule, Passed: true, 1, 0, 0, [], "datasets.reason_no_rows");
        var shown = string.Join(" || ', ' || ", rule.Columns.Select(column => $"coalesce(left(CAST({Name(column)} AS VARCHAR), 50), '')"));
        var examples = failed == 0 ? [] : Texts($"SELECT {shown} FROM {relation} WHERE {there} GROUP BY {names} HAVING count(*) > 1 ORDER BY count(*) DESC, 1 LIMIT {Examples}");
        return new ExpectationResult(rule, failed == 0, (double)(applicable - failed) / applicable, applicable, failed, examples, null);
    }

    private ExpectationResult RowCount(RowCountBetween rule)
    {
        var (rows, _) = Pair($"SELECT count(*), 0 FROM {relation}");
        var passed = (rule.Min is null || rows >= rule.Min) && (rule.Max is null || rows <= rule.Max);
        return new ExpectationResult(rule, passed, rows, rows, passed ? 0 : rows, [], null);
    }

    private ExpectationResult Known(Expectation rule, ImmutableArray<string> needed, Func<ExpectationResult> evaluate) =>
        needed.All(name => columns.Any(column => column.Name == name)) ? evaluate() : Cannot(rule, "datasets.reason_no_column");

    private static ExpectationResult Cannot(Expectation rule, string reason) => new(rule, Passed: null, null, 0, 0, [], reason);

    private bool IsNumeric(string name) => columns.Any(column => column.Name == name && column.Type is (ColumnType.Integer or ColumnType.Number));

    private static string Name(string column) => DuckDbSql.Identifier(column);

    private (long First, long Second) Pair(string sql)
    {
        using var reader = db.Query(sql);
        reader.Read();
        return ((long)reader.GetInt128(0), (long)reader.GetInt128(1));
    }

    private ImmutableArray<string> Texts(string sql)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        using var reader = db.Query(sql);
        while (reader.Read())
            texts.Add(reader.GetString(0));
        return texts.ToImmutable();
    }
}
