using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Versions;

/// <summary>A version as CSV. Spreadsheets run a text that begins like a formula, so such texts and names get an apostrophe in front.</summary>
internal static class CsvExport
{
    public const string File = "data.csv";
    private const string Formula = "^[=+\\-@\\t\\r]";

    public static Result<Done> Run(ChildRequest request, CsvSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_writing", 0.1);
        var (data, csv) = (request.Input(FileReader.Data), request.Output(File));
        using var db = DatasetVerbs.Closed(request, data, csv);
        var columns = spec.Columns.Select(column =>
        {
            var name = DuckDbSql.Identifier(column.Name);
            var value = column.Type == ColumnType.Text ? $"CASE WHEN regexp_matches({name}, {DuckDbSql.Literal(Formula)}) THEN '''' || {name} ELSE {name} END" : name;
            return $"{value} AS {DuckDbSql.Identifier(IsFormula(column.Name) ? "'" + column.Name : column.Name)}";
        });
        db.Execute($"COPY (SELECT {string.Join(", ", columns)} FROM read_parquet({DuckDbSql.Literal(data)})) TO {DuckDbSql.Literal(csv)} (FORMAT csv, HEADER true, USE_TMP_FILE false)");
        return Done.Instance;
    }

    private static bool IsFormula(string name) => name is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];
}
