using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Engines.Tests.DuckDb;

public sealed class ParquetInspectionTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly DuckDbConnection _connection = DuckDbConnection.OpenInMemory();

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("adult", 22_792, 14)]
    [InlineData("bike", 5_725, 12)]
    public void A_sample_is_described_and_passes(string folder, long rows, long columns)
    {
        var report = ParquetInspection.Inspect(_connection, Samples.File(folder, "train.parquet"));

        report.Faults.ShouldBeEmpty();
        report.Rows.ShouldBe(rows);
        report.Columns.ShouldBe(columns);
        report.Codecs.ShouldBe(["ZSTD"]);
        report.UncompressedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_small_file_of_very_many_rows_is_refused_from_its_footer()
    {
        var path = Write("SELECT 1 AS a FROM range(110000000)", "FORMAT parquet, ROW_GROUP_SIZE 10000000");
        new FileInfo(path).Length.ShouldBeLessThan(1 << 20);

        ParquetInspection.Inspect(_connection, path).Faults.Select(fault => fault.Code).ShouldContain("parquet.too_many_rows");
    }

    [Fact]
    public void A_file_that_unpacks_too_far_is_refused()
    {
        var path = Write("SELECT repeat('a', 100000) || i AS a FROM range(100) t(i)", "FORMAT parquet, COMPRESSION zstd");

        ParquetInspection.Inspect(_connection, path).Faults.Select(fault => fault.Code).ShouldContain("parquet.ratio");
    }

    [Fact]
    public void Brotli_is_refused_by_its_name()
    {
        var path = Write("SELECT i FROM range(1000) t(i)", "FORMAT parquet, COMPRESSION brotli");

        ParquetInspection.Inspect(_connection, path).Faults.ShouldContain(fault => fault.Code == "parquet.codec" && fault.Detail.Contains("BROTLI"));
    }

    [Fact]
    public void A_broken_footer_is_an_exception_and_the_connection_goes_on()
    {
        var bytes = File.ReadAllBytes(Samples.File("bike", "test.parquet"));
        File.WriteAllBytes(_folder.File("cut.parquet"), bytes[..^9]);
        bytes.AsSpan(bytes.Length - 200, 150).Fill(0xff);
        File.WriteAllBytes(_folder.File("bad.parquet"), bytes);
        var text = _folder.Write("text.parquet", "a,b\n1,2\n");

        foreach (var path in (string[])[_folder.File("cut.parquet"), _folder.File("bad.parquet"), text])
            Should.Throw<DuckDbException>(() => ParquetInspection.Inspect(_connection, path)).Message.ShouldNotBeEmpty();
        ParquetInspection.Inspect(_connection, Samples.File("bike", "test.parquet")).IsAcceptable.ShouldBeTrue();
    }

    private string Write(string query, string options)
    {
        var path = _folder.File("crafted.parquet");
        _connection.Execute($"COPY ({query}) TO {DuckDbSql.Literal(path)} ({options})");
        return path;
    }
}
