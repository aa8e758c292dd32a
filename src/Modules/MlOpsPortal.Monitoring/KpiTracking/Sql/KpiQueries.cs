using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Monitoring.KpiTracking.Sql;

/// <summary>Numerator and denominator over staged inputs, period by period. The sandbox is closed before the first of a person's words is read, and a
/// query is run only after it proved to be one SELECT with one number as its one column.</summary>
internal sealed class KpiQueries(ChildRequest request, MeasureSpec spec, IProgress<JobProgress> progress)
{
    private const long Memory = 768L << 20;
    private const long Spill = 2L << 30;

    public Result<MeasureAnswer> Run()
    {
        using var db = DuckDbConnection.OpenInMemory();
        db.Execute(DuckDbError.AsJson);
        string[] files = [.. spec.Inputs.Where(input => input.File is not null).Select(input => request.Input(input.File!))]; // filtered just before
        DuckDbSandbox.Close(db, files, request.Spill, Memory, threads: 2, Spill);

        var tables = new InputTables(db, request, spec.SampleRows);
        foreach (var input in spec.Inputs)
            tables.Load(input);
        var numerator = new KpiQuery(db, "numerator", spec.Numerator);
        var denominator = spec.Denominator is null ? null : new KpiQuery(db, "denominator", spec.Denominator);
        foreach (var input in spec.Inputs)
            tables.Show(input, spec.Periods.FirstOrDefault());
        if ((numerator.Check() ?? denominator?.Check()) is { } fault)
            return KpiErrors.Sql(fault);

        var outcomes = ImmutableArray.CreateBuilder<PeriodOutcome>(spec.Periods.Length);
        var sampled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var period in spec.Periods)
        {
            progress.Report(new JobProgress("monitoring.step_measuring", (double)outcomes.Count / spec.Periods.Length));
            foreach (var input in spec.Inputs)
                if (tables.Show(input, period))
                    sampled.Add(input.Name);
            var above = numerator.Read(period, spec.PreviewRows);
            var below = denominator?.Read(period, spec.PreviewRows);
            if ((above.Broken ?? below?.Broken) is { } broken)
                return KpiErrors.Sql(broken);
            outcomes.Add(PeriodOutcome.Of(period, above.Reading!, below?.Reading)); // a query that is not broken was read
        }

        return new MeasureAnswer(
            outcomes.ToImmutable(), [.. spec.Inputs.Select(input => new InputRows(input.Name, tables.Rows(input.Name), sampled.Contains(input.Name)))],
            numerator.Preview, denominator?.Preview);
    }
}

/// <summary>The inputs under their names: views over what was staged, cut to the period.</summary>
internal sealed class InputTables(DuckDbConnection db, ChildRequest request, long? sample)
{
    private readonly Dictionary<string, (string Relation, long Rows)> loaded = new(StringComparer.Ordinal);

    public long Rows(string name) => loaded[name].Rows;

    public void Load(StagedInput input)
    {
        var relation = input switch
        {
            { File: null } => $"(SELECT {string.Join(", ", input.Columns.Select(column => $"NULL::{column.Type} AS {DuckDbSql.Identifier(column.Name)}"))} LIMIT 0)",
            { Csv: true } => Table(input),
            _ => $"read_parquet({DuckDbSql.Literal(request.Input(input.File))})",
        };
        loaded[input.Name] = (relation, input.File is null ? 0 : Count(relation));
    }

    /// <returns>Whether the sample left rows of the period out.</returns>
    public bool Show(StagedInput input, Period? period)
    {
        var rows = $"{loaded[input.Name].Relation}{Where(input, period)}";
        db.Execute($"CREATE OR REPLACE VIEW {DuckDbSql.Identifier(input.Name)} AS SELECT * FROM {rows}{(sample is { } most ? $" LIMIT {DuckDbSql.Literal(most)}" : "")}");
        return sample is { } limit && input.File is not null && Count(rows) > limit;
    }

    private static string Where(StagedInput input, Period? period)
    {
        if (input.DateColumn is null || period is null)
            return "";
        var column = DuckDbSql.Identifier(input.DateColumn);
        return $" WHERE {column} >= {Moment(period.Start)} AND {column} < {Moment(period.End)}";
    }

    private static string Moment(DateOnly day) => $"TIMESTAMP '{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} 00:00:00'";

    /// <summary>Text that the portal wrote itself: quoted where it may be anything, empty for null.</summary>
    private string Table(StagedInput input)
    {
        var name = DuckDbSql.Identifier($"staged {input.Name}");
        var columns = string.Join(", ", input.Columns.Select(column => $"{DuckDbSql.Literal(column.Name)}: {DuckDbSql.Literal(column.Type)}"));
        db.Execute($"""
            CREATE TABLE {name} AS SELECT * FROM read_csv({DuckDbSql.Literal(request.Input(input.File!))},
                header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {'{'}{columns}{'}'})
            """); // called for files only
        return name;
    }

    private long Count(string relation)
    {
        using var reader = db.Query($"SELECT count(*) FROM {relation}");
        reader.Read();
        return reader.GetInt64(0);
    }
}
