using System.Collections.Immutable;
using System.Text;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Datasets.Tests.Reading;

public sealed class ReadingTests : IDisposable
{
    private readonly TestChildren children = new();

    [Theory]
    [InlineData("a,b\n1,2\n3\n", "datasets.ragged_short", "3")]
    [InlineData("a,b\n1,2\n3,4\n5,6,7\n", "datasets.ragged_long", "4")]
    [InlineData("a,b\n1,\"x\n2,y\n", "datasets.unclosed_quote", "2")]
    [InlineData("a,b\n1,2\n3,\0\n", "datasets.nul_byte", "3")]
    public async Task A_broken_line_is_refused_with_its_number(string text, string code, string line)
    {
        var refusal = (await children.ReadAsync(Encoding.UTF8.GetBytes(text))).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Args[0]).ShouldBe((code, line));
    }

    [Fact]
    public async Task A_ragged_line_far_down_is_found_as_well()
    {
        var text = new StringBuilder("a,b,c\n");
        for (var row = 0; row < 200_000; row++)
            text.Append(row).Append(",x,1.5\n");
        text.Append("1,2\n");
        var refusal = (await children.ReadAsync(Encoding.UTF8.GetBytes(text.ToString()))).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Args[0]).ShouldBe(("datasets.ragged_short", "200002"));
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused()
    {
        var content = Encoding.ASCII.GetBytes("a,b\n1,2\n" + new string('x', 3_000_000));
        (await children.ReadAsync(content)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.line_too_long");
    }

    [Fact]
    public async Task A_hundred_thousand_columns_are_refused()
    {
        var names = string.Join(',', Enumerable.Range(0, 100_000).Select(column => $"c{column}"));
        var refusal = (await children.ReadAsync(Encoding.ASCII.GetBytes(names + "\n"))).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Args[0]).ShouldBe(("datasets.too_many_columns", "100000"));
    }

    [Theory]
    [InlineData("utf-16", true, TextEncoding.Utf16)]
    [InlineData("utf-16BE", true, TextEncoding.Utf16)]
    [InlineData("utf-16", false, TextEncoding.Utf16)]
    [InlineData("utf-8", true, TextEncoding.Utf8)]
    [InlineData("utf-8", false, TextEncoding.Utf8)]
    [InlineData("iso-8859-1", false, TextEncoding.Latin1)]
    public async Task An_encoding_is_detected_and_its_text_arrives(string name, bool mark, TextEncoding expected)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] content = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("stadt;größe\nZürich;1\nKöln;2\n")];
        var answer = (await children.ReadAsync(content)).Required();
        answer.Shape.Encoding.ShouldBe(expected);
        answer.Shape.Delimiter.ShouldBe(";");
        answer.Columns.Select(column => (column.Name, column.Type)).ShouldBe([("stadt", ColumnType.Text), ("größe", ColumnType.Integer)]);
        answer.Preview[0][0].ShouldBe("Zürich");
    }

    [Theory]
    [InlineData("a,b\r1,2\r3,4\r")]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n")]
    [InlineData("a,b\n1,2\n3,4")]
    [InlineData("a\tb\n1\t2\n3\t4\n")]
    [InlineData("a|b\n1|2\n3|4\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n3,4\n")]
    public async Task Line_ends_delimiters_and_quotes_are_understood(string text)
    {
        var answer = (await children.ReadAsync(Encoding.UTF8.GetBytes(text))).Required();
        answer.Profile.Rows.ShouldBe(2);
        answer.Columns.Select(column => (column.Name, column.Type)).ShouldBe([("a", ColumnType.Integer), ("b", ColumnType.Integer)]);
    }

    [Theory]
    [InlineData("007", ColumnType.Text)]
    [InlineData("0x10", ColumnType.Text)]
    [InlineData("1.0", ColumnType.Number)]
    [InlineData("-3", ColumnType.Integer)]
    [InlineData("9007199254740993", ColumnType.Integer)]
    [InlineData("123456789012345678901234567890", ColumnType.Text)]
    [InlineData("true", ColumnType.Boolean)]
    [InlineData("2011-01-31", ColumnType.Date)]
    [InlineData("0000-00-00", ColumnType.Text)]
    [InlineData("2011-01-31 05:00:00", ColumnType.Timestamp)]
    [InlineData("2011-01-31T05:00:00Z", ColumnType.Timestamp)]
    [InlineData("1e-5", ColumnType.Number)]
    [InlineData("1_000", ColumnType.Text)]
    public async Task A_type_is_the_narrowest_that_loses_nothing(string value, ColumnType expected)
    {
        var answer = (await children.ReadAsync(Encoding.UTF8.GetBytes($"k,v\nx,{value}\n"))).Required();
        answer.Columns[1].Type.ShouldBe(expected);
        if (expected is ColumnType.Text or ColumnType.Integer)
            answer.Preview[0][1].ShouldBe(value);
    }

    [Fact]
    public async Task A_value_far_down_widens_its_column_and_says_so()
    {
        var text = new StringBuilder("a,b,c\n");
        for (var row = 0; row < 30_000; row++)
            text.Append(row).Append(",1,2\n");
        text.Append("1.5,x,3\n");
        var answer = (await children.ReadAsync(Encoding.UTF8.GetBytes(text.ToString()))).Required();
        answer.Columns.Select(column => column.Type).ShouldBe([ColumnType.Number, ColumnType.Text, ColumnType.Integer]);
        answer.Profile.Columns[0].Number!.Sum.ShouldBe((30_000d * 29_999 / 2) + 1.5);
        answer.Shape.Notes.Count(note => note.Code == "datasets.note_widened").ShouldBe(3); // b became a number on its way to a text
    }

    [Fact]
    public async Task A_correction_by_a_person_stands_or_is_refused_with_the_value()
    {
        var content = "zip,n\n10115,5\n20095,oops\n"u8.ToArray();
        var types = ImmutableDictionary<string, ColumnType>.Empty.Add("zip", ColumnType.Text);
        (await children.ReadAsync(content, ReadOptions.Detect with { Types = types })).Required().Columns[0].Type.ShouldBe(ColumnType.Text);
        var refusal = (await children.ReadAsync(content, ReadOptions.Detect with { Types = types.Add("n", ColumnType.Integer) })).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe("datasets.type_mismatch");
        refusal.Args.ShouldBe(["n", "Integer", "1", "oops"]);
    }

    [Fact]
    public async Task Hostile_names_are_names()
    {
        const string Sql = "x\"; DROP TABLE t; --";
        var answer = (await children.ReadAsync(Encoding.UTF8.GetBytes($"\"{Sql.Replace("\"", "\"\"", StringComparison.Ordinal)}\",<script>alert(1)</script>,=cmd|' /C calc'!A0,a,A,\n1,2,3,4,5,6\n"))).Required();
        answer.Columns.Select(column => column.Name).ShouldBe([Sql, "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a", "A_2", "column6"]);
        answer.Profile.Columns.All(column => column.Distinct == 1).ShouldBeTrue();
    }

    [Fact]
    public async Task Texts_that_mean_no_value_are_missing()
    {
        var answer = (await children.ReadAsync("a,b\n1,NA\nNA,x\n"u8.ToArray(), ReadOptions.Detect with { MissingTexts = ["NA"] })).Required();
        answer.Profile.Columns.Select(column => column.Missing).ShouldBe([1L, 1L]);
        answer.Columns[0].Type.ShouldBe(ColumnType.Integer);
    }

    [Fact]
    public async Task A_file_without_names_gets_numbered_ones()
    {
        var answer = (await children.ReadAsync("1,2\n3,4\n"u8.ToArray())).Required();
        answer.Columns.Select(column => column.Name).ShouldBe(["column1", "column2"]);
        answer.Profile.Rows.ShouldBe(2);
    }

    [Fact]
    public async Task Detection_shows_what_reading_will_do()
    {
        var found = (await children.DetectAsync("a;b\n1;x\n2;y\n"u8.ToArray())).Required();
        (found.Shape.Format, found.Shape.Delimiter, found.Shape.Encoding, found.Shape.Header).ShouldBe((FileFormat.Csv, ";", TextEncoding.Utf8, true));
        found.Rows.Select(row => row[1]).ShouldBe(["x", "y"]);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x04, 0x95, 0x00 }, "datasets.pickle")]
    [InlineData(new byte[] { 0x50, 0x4B, 0x03, 0x04, 0x14, 0x00 }, "datasets.not_a_table")]
    [InlineData(new byte[] { 0x1F, 0x8B, 0x08, 0x00 }, "datasets.not_a_table")]
    [InlineData(new byte[] { 0x50, 0x41, 0x52, 0x31, 0x00, 0x00, 0x00, 0x00, 0x50, 0x41, 0x52, 0x31 }, "datasets.bad_parquet")]
    [InlineData(new byte[] { 0x0A, 0x0A }, "datasets.no_rows")]
    public async Task What_is_no_table_is_named(byte[] content, string code) => (await children.ReadAsync(content)).Refusal.ShouldNotBeNull().Code.ShouldBe(code);

    [Fact]
    public async Task A_bad_Parquet_file_is_explained_without_the_portals_own_places()
    {
        var refusal = (await children.ReadAsync([.. "PAR1"u8, .. new byte[300], .. "PAR1"u8])).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe("datasets.bad_parquet");
        refusal.Args.ShouldHaveSingleItem().ShouldNotContain("/");
        refusal.Args[0].ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_small_Parquet_file_that_says_a_thousand_million_rows_is_refused_before_it_is_read()
    {
        var file = MakeParquet("SELECT 1 AS a FROM range(1000000000)", "ROW_GROUP_SIZE 100000000");
        new FileInfo(file).Length.ShouldBeLessThan(1_000_000);
        var refusal = (await children.ReadAsync(file)).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Args[0]).ShouldBe(("datasets.too_many_rows", "1000000000"));
    }

    [Fact]
    public async Task A_Parquet_file_that_unpacks_to_a_multiple_is_refused()
    {
        var file = MakeParquet("SELECT repeat('x', 1000) || (i % 2)::VARCHAR AS a FROM range(200000) t(i)", "COMPRESSION zstd, DICTIONARY_SIZE_LIMIT 1");
        (await children.ReadAsync(file)).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.too_dense");
    }

    [Fact]
    public async Task A_Parquet_file_with_Brotli_or_nested_columns_is_refused()
    {
        (await children.ReadAsync(MakeParquet("SELECT i AS a FROM range(10) t(i)", "COMPRESSION brotli"))).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.brotli");
        (await children.ReadAsync(MakeParquet("SELECT [1, 2] AS a", ""))).Refusal.ShouldNotBeNull().Code.ShouldBe("datasets.unsupported_type");
    }

    [Fact]
    public async Task A_damaged_Parquet_file_ends_its_child_only()
    {
        var content = await File.ReadAllBytesAsync(TestChildren.Sample("adult/train.parquet"));
        for (var at = 1000; at < content.Length / 2; at += 97)
            content[at] ^= 0x5A;
        (await children.ReadAsync(content)).Refusal.ShouldNotBeNull().Code.ShouldBeOneOf("datasets.bad_parquet", "jobs.crashed", "jobs.too_much_memory");
    }

    public void Dispose() => children.Dispose();

    private string MakeParquet(string select, string options)
    {
        var file = children.Written([]);
        File.Delete(file);
        using var db = DuckDbConnection.OpenInMemory();
        db.Execute($"COPY ({select}) TO {DuckDbSql.Literal(file)} (FORMAT parquet{(options.Length > 0 ? ", " + options : "")})");
        return file;
    }
}
