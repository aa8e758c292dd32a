using System.Collections.Immutable;
using System.Text;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Export;

public sealed class RunCsvTests
{
    private static readonly RunId Id = new(Guid.Parse("01890000-0000-7000-8000-000000000001"));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("+1e-7", "+1e-7")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("grün, 日本", "\"grün, 日本\"")]
    [InlineData("", "")]
    public void A_parameter_is_quoted_where_it_must_be_and_never_a_formula(string written, string expected) =>
        Line(Run(parameters: [new("p", written)]), "params.p").ShouldBe($"{Id},bold-fox,{expected}");

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e-300, "1E-300")]
    [InlineData(-1e300, "-1E+300")]
    [InlineData(double.MinValue, "-1.7976931348623157E+308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_metric_keeps_all_its_digits_and_its_sign(double value, string expected) =>
        Line(Run(metrics: [new Metric("m", value, 0, 0)]), "metrics.m").ShouldBe($"{Id},bold-fox,{expected}");

    [Fact]
    public void What_a_run_does_not_have_is_an_empty_cell() => Line(Run(), "metrics.none", "params.none", "tags.none", "end_time", "duration", "unheard.of").ShouldBe($"{Id},bold-fox,,,,,,");

    [Fact]
    public void Times_are_utc_and_one_beyond_the_calendar_is_its_milliseconds()
    {
        Line(Run(start: 1_700_000_000_123, end: 1_700_000_090_123), "start_time", "end_time", "duration").ShouldEndWith(",2023-11-14T22:13:20.123Z,2023-11-14T22:14:50.123Z,90");
        Line(Run(start: long.MaxValue), "start_time").ShouldEndWith(",9223372036854775807");
    }

    [Fact]
    public void A_name_is_escaped_too() => Line(Run(name: "=cmd,x")).ShouldBe($"{Id},\"'=cmd,x\"");

    [Fact]
    public async Task The_file_has_a_head_a_line_each_and_no_mark_of_byte_order()
    {
        using var file = new MemoryStream();

        await RunCsv.WriteAsync(file, ["metrics.m", "tags.=x"], Two(), TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString(file.ToArray()).ShouldBe($"run_id,run_name,metrics.m,tags.=x\r\n{Id},a,1,\r\n{Id},b,2,'=1\r\n");
        file.ToArray()[0].ShouldBe((byte)'r');
    }

    private static async IAsyncEnumerable<Run> Two()
    {
        yield return Run(name: "a", metrics: [new Metric("m", 1, 0, 0)]);
        await Task.Yield();
        yield return Run(name: "b", metrics: [new Metric("m", 2, 0, 0)], tags: [new("=x", "=1")]);
    }

    private static string Line(Run run, params string[] columns) => RunCsv.Line(run, [.. columns]);

    private static Run Run(string name = "bold-fox", long start = 0, long? end = null, ImmutableArray<Metric>? metrics = null, ImmutableArray<KeyValuePair<string, string>>? parameters = null, ImmutableArray<KeyValuePair<string, string>>? tags = null) =>
        new(new RunInfo(Id, name, default, "mara", RunStatus.Finished, start, end, "", Deleted: false), metrics ?? [], parameters ?? [], tags ?? [], RunInputs.None);
}
