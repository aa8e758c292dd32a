using MlOpsPortal.Platform.Csv;

namespace MlOpsPortal.Platform.Tests.Csv;

public sealed class CsvRecordsTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b;1|2")]
    [InlineData("a,b\r\n1,2\r\n", "a|b;1|2")]
    [InlineData("a,b\r1,2", "a|b;1|2")]
    [InlineData("\"x, y\",\"say \"\"hi\"\"\"\n", "x, y|say \"hi\"")]
    [InlineData("\"two\nlines\",\n", "two\nlines|")]
    [InlineData("5\" pipe,b", "5\" pipe|b")]
    [InlineData("\"a\"b,c", "ab|c")]
    [InlineData(",,\n", "||")]
    [InlineData("\n\r\n  \n", "  ")]
    [InlineData("", "")]
    public void Text_is_cut_into_records_and_cells(string text, string expected) => string.Join(';', CsvRecords.Of(text, ',').Select(record => string.Join('|', record.Cells))).ShouldBe(expected);

    [Fact]
    public void What_may_go_on_says_so()
    {
        CsvRecords.Of("a\nb", ',').Select(record => (record.IsEnded, record.IsOpen)).ShouldBe([(true, false), (false, false)]);
        CsvRecords.Of("a\n\"b\nc", ',').Select(record => (record.IsEnded, record.IsOpen)).ShouldBe([(true, false), (false, true)]);
    }

    [Fact]
    public void It_reads_no_further_than_it_is_asked() => CsvRecords.Of("a;b\n" + new string('"', 1), ';').First().Cells.ShouldBe(["a", "b"]);
}
