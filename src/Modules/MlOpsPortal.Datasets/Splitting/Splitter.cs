using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Splitting;

/// <summary>Cuts a version into parts. A row's place is drawn from its number and the seed by MD5, which no version of DuckDB computes differently.</summary>
internal static class Splitter
{
    public static string File(int part) => string.Create(CultureInfo.InvariantCulture, $"part{part}.parquet");

    public static Result<ImmutableArray<ReadAnswer>> Run(ChildRequest request, SplitSpec spec, Action<string, double> progress)
    {
        progress("datasets.step_splitting", 0);
        var data = request.Input(FileReader.Data);
        var parts = spec.Plan.Parts;
        string[] files = [.. Enumerable.Range(0, parts.Length).Select(part => request.Output(File(part)))];
        using var db = DatasetVerbs.Closed(request, [data, .. files]);
        var from = $"read_parquet({DuckDbSql.Literal(data)}, file_row_number=true)";
        if (spec.Plan.Method == SplitMethod.Time && HasMissing(db, from, DuckDbSql.Identifier(spec.Plan.Column!))) // checked with the plan
            return new Validation("datasets.time_missing", spec.Plan.Column!) { Kind = ValidationKind.Unprocessable };

        db.Execute($"CREATE TABLE parts AS SELECT file_row_number AS row_number, {Part(spec.Plan)} AS part FROM (SELECT file_row_number, {Place(spec.Plan)} AS place FROM {from})");
        var columns = string.Join(", ", spec.Columns.Select(column => $"rows.{DuckDbSql.Identifier(column.Name)}"));
        var answers = ImmutableArray.CreateBuilder<ReadAnswer>(parts.Length);
        for (var part = 0; part < parts.Length; part++)
        {
            var share = 0.9 / parts.Length;
            db.Execute(
                $"COPY (SELECT {columns} FROM {from} rows JOIN parts ON parts.row_number = rows.file_row_number AND parts.part = {DuckDbSql.Literal(part)} ORDER BY rows.file_row_number) "
                + $"TO {DuckDbSql.Literal(files[part])} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
            var answer = FileReader.Describe(db, files[part], new FileShape(FileFormat.Parquet, null, null, null, []), spec.Columns, spec.Expectations, progress, 0.1 + (part * share), share);
            if (answer.Profile.Rows == 0)
                return new Validation("datasets.empty_part", parts[part].Role.ToString()) { Kind = ValidationKind.Unprocessable };
            answers.Add(answer);
        }

        return answers.ToImmutable();
    }

    /// <summary>A row's place among its equals, over 0 to under 1.</summary>
    private static string Place(SplitPlan plan)
    {
        var drawn = $"md5(concat({DuckDbSql.Literal(plan.Seed)}, ':', file_row_number)), file_row_number";
        return plan.Method switch
        {
            SplitMethod.Random => $"(row_number() OVER (ORDER BY {drawn}) - 0.5) / count(*) OVER ()",
            SplitMethod.Stratified => $"(row_number() OVER (PARTITION BY {DuckDbSql.Identifier(plan.Column!)} ORDER BY {drawn}) - 0.5) / count(*) OVER (PARTITION BY {DuckDbSql.Identifier(plan.Column!)})",
            SplitMethod.Time => $"(rank() OVER (ORDER BY {DuckDbSql.Identifier(plan.Column!)}) - 0.5) / count(*) OVER ()",
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Method, "A method without a place."),
        };
    }

    private static string Part(SplitPlan plan)
    {
        var parts = plan.Parts;
        var (bound, cases) = (0.0, new List<string>());
        for (var part = 0; part < parts.Length - 1; part++)
        {
            bound += parts[part].Share;
            cases.Add($"WHEN place < {DuckDbSql.Literal(bound)} THEN {DuckDbSql.Literal(part)}");
        }

        return $"CASE {string.Join(' ', cases)} ELSE {DuckDbSql.Literal(parts.Length - 1)} END";
    }

    private static bool HasMissing(DuckDbConnection db, string from, string column)
    {
        using var reader = db.Query($"SELECT count(*) > count({column}) FROM {from}");
        reader.Read();
        return reader.GetBoolean(0);
    }
}
