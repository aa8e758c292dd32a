using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Monitoring.Tests.KpiTracking;

/// <summary>What the child does, in this process: DuckDB's sandbox is the same.</summary>
public sealed class KpiQueriesTests : IDisposable
{
    private static readonly Period Week = new(new DateOnly(2025, 1, 6), new DateOnly(2025, 1, 13));
    private static readonly ImmutableArray<StagedColumn> Columns = [new("id", "VARCHAR"), new("sent_at", "TIMESTAMP"), new("visited", "BIGINT"), new("spend", "DOUBLE")];
    private readonly string folder = Directory.CreateTempSubdirectory("kpi-queries-").FullName;

    public KpiQueriesTests()
    {
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        Directory.CreateDirectory(Path.Combine(folder, "spill"));
        File.WriteAllLines(Path.Combine(folder, "in", "0"),
        [
            "\"a, \"\"quoted\"\"\",2025-01-06 00:00:00.000000,1,10.5",
            "\"b\",2025-01-12 23:59:59.999999,0,",
            "\"c\",2025-01-13 00:00:00.000000,1,7",
        ]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_ratio_is_numerator_by_denominator_over_the_rows_of_the_period()
    {
        var answer = Run("SELECT sum(visited) FROM messages", "SELECT count(*) FROM messages").Required();

        answer.Outcomes.ShouldBe([new PeriodOutcome(Week.Start, Week.End, 1, 2, 0.5m, null)]);
        answer.Inputs.ShouldBe([new InputRows("messages", 3, false)]);
    }

    [Fact]
    public void Without_a_date_column_the_query_takes_the_bounds_itself()
    {
        var answer = Run("SELECT count(*) FROM messages WHERE sent_at >= $from AND sent_at < $to", null, dateColumn: null).Required();

        answer.Outcomes[0].Value.ShouldBe(2);
    }

    [Fact]
    public void A_quotient_keeps_all_its_digits() =>
        decimal.Round(Run("SELECT 322", "SELECT 1500").Required().Outcomes[0].Value!.Value, 27).ShouldBe(0.214666666666666666666666667m); // it has a value

    [Theory]
    [InlineData("SELECT 0.1::DOUBLE + 0.2::DOUBLE", "0.30000000000000004")]
    [InlineData("SELECT 12.50::DECIMAL(18,2)", "12.50")]
    [InlineData("SELECT 170141183460469231::HUGEINT", "170141183460469231")]
    [InlineData("SELECT 18446744073709551615::UBIGINT", "18446744073709551615")]
    [InlineData("SELECT 3::TINYINT;", "3")]
    [InlineData("WITH a AS (SELECT 4 AS x) SELECT x FROM a -- the end", "4")]
    [InlineData("FROM messages SELECT max(spend)", "10.5")]
    public void Every_kind_of_number_is_read_exactly(string sql, string value) =>
        Run(sql, null).Required().Outcomes[0].Value.ShouldBe(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("SELECT 1", "SELECT 0", "monitoring.kpi_denominator_zero")]
    [InlineData("SELECT 1 WHERE false", "SELECT 1", "monitoring.kpi_no_row")]
    [InlineData("SELECT visited FROM messages", "SELECT 1", "monitoring.kpi_many_rows")]
    [InlineData("SELECT sum(visited) FROM messages WHERE false", "SELECT 1", "monitoring.kpi_null")]
    [InlineData("SELECT 'inf'::DOUBLE", "SELECT 1", "monitoring.kpi_not_finite")]
    [InlineData("SELECT 1e30::DOUBLE", "SELECT 1", "monitoring.kpi_too_large")]
    public void What_cannot_be_computed_says_why(string numerator, string denominator, string code)
    {
        var outcome = Run(numerator, denominator).Required().Outcomes[0];

        outcome.Value.ShouldBeNull();
        outcome.Why.ShouldNotBeNull().Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("SELEC 1", "monitoring.kpi_sql_at")]
    [InlineData("SELECT count(*), 1 FROM messages", "monitoring.kpi_columns")]
    [InlineData("SELECT 'many'", "monitoring.kpi_no_number")]
    [InlineData("SELECT count(*) FROM messages WHERE id = $id", "monitoring.kpi_parameter")]
    [InlineData("SELECT count(*) FROM messages WHERE id = ?", "monitoring.kpi_parameter")]
    [InlineData("DELETE FROM messages", "monitoring.kpi_not_a_query")]
    [InlineData("COPY messages TO '/tmp/stolen.csv'", "monitoring.kpi_not_a_query")]
    [InlineData("ATTACH '/tmp/other.db'", "monitoring.kpi_not_a_query")]
    [InlineData("INSTALL httpfs", "monitoring.kpi_not_a_query")]
    [InlineData("LOAD httpfs", "monitoring.kpi_not_a_query")]
    [InlineData("SET enable_external_access = true", "monitoring.kpi_not_a_query")]
    [InlineData("PRAGMA version", "monitoring.kpi_not_a_query")]
    [InlineData("CALL pragma_version()", "monitoring.kpi_not_a_query")]
    [InlineData("CREATE TABLE t AS SELECT 1", "monitoring.kpi_not_a_query")]
    [InlineData("SELECT 1; DROP VIEW messages", "monitoring.kpi_not_a_query")]
    [InlineData("SELECT 1) LIMIT 1; DROP VIEW messages; SELECT (1", "monitoring.kpi_sql_at")]
    [InlineData("-- nothing", "monitoring.kpi_not_a_query")]
    [InlineData("SELECT count(*) FROM read_text('/etc/passwd')", "monitoring.kpi_not_allowed")]
    [InlineData("SELECT count(*) FROM '/etc/hostname.csv'", "monitoring.kpi_not_allowed")]
    [InlineData("SELECT count(*) FROM read_csv('https://example.com/a.csv')", "monitoring.kpi_not_allowed")]
    [InlineData("SELECT count(*) FROM glob('/etc/*')", "monitoring.kpi_not_allowed")]
    [InlineData("SELECT length(getenv('PATH'))", "monitoring.kpi_sql_at")]
    public void A_query_that_is_none_or_wants_more_is_refused_before_it_runs(string sql, string code) =>
        Fault(Run(sql, null)).ShouldBe(("numerator", code));

    [Fact]
    public void What_shows_its_wish_only_when_it_runs_is_stopped_there() =>
        Fault(Run("SELECT count(*) FROM sniff_csv('/etc/passwd')", null)).ShouldBe(("numerator", "monitoring.kpi_not_allowed"));

    [Fact]
    public void A_fault_is_found_by_line_and_column()
    {
        var refused = Run("SELECT 1", "SELECT count(*)\nFROM messages\nWHERE nosuch = 1").Refusal.ShouldBeOfType<Validation>();

        var fault = refused.Fields.ShouldHaveSingleItem();
        (fault.Field, fault.Code).ShouldBe(("denominator", "monitoring.kpi_sql_at"));
        fault.Args[..2].ShouldBe(["3", "7"]);
        fault.Args[2].ShouldStartWith("Referenced column \"nosuch\" not found");
    }

    [Fact]
    public void Queries_are_checked_over_columns_alone()
    {
        var spec = new MeasureSpec([new StagedInput("messages", null, Csv: false, Columns, "sent_at")], "SELECT sum(visited) FROM messages", "SELECT count(*) FROM messages", []);

        Execute(spec).Required().Outcomes.ShouldBeEmpty();
        Fault(Execute(spec with { Numerator = "SELECT sum(bought) FROM messages" })).Code.ShouldBe("monitoring.kpi_sql_at");
    }

    [Fact]
    public void A_sample_is_cut_and_says_so_and_shows_rows()
    {
        var answer = Execute(Spec("SELECT spend FROM messages", null, "sent_at") with { SampleRows = 1, PreviewRows = 5 }).Required();

        answer.Inputs[0].Sampled.ShouldBeTrue();
        answer.Numerator.ShouldNotBeNull().Rows.ShouldHaveSingleItem().ShouldBe(["10.5"]);
    }

    private Result<MeasureAnswer> Run(string numerator, string? denominator, string? dateColumn = "sent_at") => Execute(Spec(numerator, denominator, dateColumn));

    private static MeasureSpec Spec(string numerator, string? denominator, string? dateColumn) =>
        new([new StagedInput("messages", "0", Csv: true, Columns, dateColumn)], numerator, denominator, [Week]);

    private Result<MeasureAnswer> Execute(MeasureSpec spec) =>
        new KpiQueries(new ChildRequest(folder, JsonSerializer.SerializeToElement(new { }), new ChildLimits()), spec, new Progress<JobProgress>()).Run();

    private static (string Field, string Code) Fault(Result<MeasureAnswer> result)
    {
        var fault = result.Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem();
        return (fault.Field, fault.Code);
    }
}
