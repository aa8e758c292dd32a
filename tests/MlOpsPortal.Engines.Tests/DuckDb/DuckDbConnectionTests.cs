using System.Diagnostics;
using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Engines.Tests.DuckDb;

[Collection(MeasuredAlone.Name)]
public sealed class DuckDbConnectionTests : IDisposable
{
    private readonly DuckDbConnection _connection = DuckDbConnection.OpenInMemory();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void The_library_has_the_version_that_was_checked() => DuckDbConnection.LibraryVersion.ShouldStartWith("v1.5.");

    [Theory]
    [InlineData("true", true)]
    [InlineData("(-7)::TINYINT", -7L)]
    [InlineData("(-700)::SMALLINT", -700L)]
    [InlineData("(-70000)::INTEGER", -70000L)]
    [InlineData("200::UTINYINT", 200L)]
    [InlineData("60000::USMALLINT", 60000L)]
    [InlineData("4000000000::UINTEGER", 4000000000L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("18446744073709551615::UBIGINT", ulong.MaxValue)]
    [InlineData("1.5::FLOAT", 1.5f)]
    [InlineData("'nan'::DOUBLE", double.NaN)]
    [InlineData("0.1::DOUBLE", 0.1)]
    [InlineData("'short'", "short")]
    [InlineData("'exactly 12 c'", "exactly 12 c")]
    [InlineData("'longer than twelve bytes, ünïcode 😀'", "longer than twelve bytes, ünïcode 😀")]
    [InlineData("''", "")]
    [InlineData("'b'::ENUM('a', 'b')", "b")]
    [InlineData("NULL", null)]
    [InlineData("NULL::VARCHAR", null)]
    public void A_value_of_each_simple_type_is_read(string sql, object? expected) => One(sql).ShouldBe(expected);

    [Fact]
    public void Values_of_the_larger_types_are_read()
    {
        One("170141183460469231731687303715884105727::HUGEINT").ShouldBe(Int128.MaxValue);
        One("(-170141183460469231731687303715884105728)::HUGEINT").ShouldBe(Int128.MinValue);
        One("12.34::DECIMAL(4,2)").ShouldBe(12.34m);
        One("(-12345.678)::DECIMAL(9,3)").ShouldBe(-12345.678m);
        One("(-1234567890.12)::DECIMAL(18,2)").ShouldBe(-1234567890.12m);
        One("1234567890123456789012.3456::DECIMAL(38,4)").ShouldBe(1234567890123456789012.3456m);
        One("DATE '2024-02-29'").ShouldBe(new DateOnly(2024, 2, 29));
        One("TIME '13:14:15.123456'").ShouldBe(new TimeOnly(13, 14, 15, 123, 456));
        One("TIMESTAMP '2024-02-29 01:02:03.123456'").ShouldBe(new DateTime(2024, 2, 29, 1, 2, 3, 123, 456, DateTimeKind.Utc));
        One("TIMESTAMP_NS '1969-12-31 23:59:59.999999900'").ShouldBe(DateTime.UnixEpoch.AddTicks(-1));
        One("TIMESTAMP_S '2024-02-29 01:02:03'").ShouldBe(new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc));
        One("INTERVAL '2 months 3 days 4 microseconds'").ShouldBe(new DuckDbInterval(2, 3, 4));
        One("'00112233-4455-6677-8899-aabbccddeeff'::UUID").ShouldBe(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        One(@"'\x00\xFF'::BLOB").ShouldBe(new byte[] { 0, 255 });
    }

    [Fact]
    public void Nested_values_are_read()
    {
        One("[1, NULL, 3]").ShouldBe(new object?[] { 1L, null, 3L });
        One("[0.5, 1.5]::DOUBLE[2]").ShouldBe(new object?[] { 0.5, 1.5 });
        One("[['a'], []]").ShouldBe(new object?[] { new object?[] { "a" }, Array.Empty<object?>() });
        One("{'x': 1, 'y': 'two'}").ShouldBe(new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = 1L, ["y"] = "two" });
        One("MAP {'k': 1.5::DOUBLE}").ShouldBe(new[] { new KeyValuePair<object, object?>("k", 1.5) });

        using var reader = _connection.Query("SELECT [0.25, NULL, 1]::DOUBLE[], ['a', NULL]");
        reader.Read().ShouldBeTrue();
        reader.GetDoubles(0).ShouldBe([0.25, double.NaN, 1]);
        reader.GetStrings(1).ShouldBe(["a", null]);
    }

    [Fact]
    public void Numbers_are_widened_and_never_cut()
    {
        using var reader = _connection.Query("SELECT 7::TINYINT, 2.5::DECIMAL(3,1), 5000000000, 1::DECIMAL(38,30)");
        reader.Read().ShouldBeTrue();

        reader.GetInt32(0).ShouldBe(7);
        reader.GetDouble(0).ShouldBe(7);
        reader.GetDouble(1).ShouldBe(2.5);
        Should.Throw<OverflowException>(() => reader.GetInt32(2));
        Should.Throw<OverflowException>(() => reader.GetDecimal(3));
    }

    [Fact]
    public void A_null_or_a_wrong_type_is_refused_by_the_getter()
    {
        using var reader = _connection.Query("SELECT NULL::BIGINT, 'text', TIMESTAMP 'infinity'");
        reader.Read().ShouldBeTrue();

        Should.Throw<InvalidOperationException>(() => reader.GetInt64(0));
        Should.Throw<DuckDbException>(() => reader.GetInt64(1)).Message.ShouldContain("Varchar");
        Should.Throw<DuckDbException>(() => reader.GetTimestamp(2)).Message.ShouldContain("cast it to text");
    }

    [Fact]
    public void Parameters_keep_their_values()
    {
        object?[] values =
        [
            true, 42, long.MinValue, 0.1, "it's \"quoted\" ü", "nul\0inside", "", null, new DateOnly(1960, 1, 2),
            new DateTime(1960, 1, 2, 3, 4, 5, DateTimeKind.Utc), new byte[] { 1, 0, 2 },
        ];
        using var reader = _connection.Query($"SELECT {string.Join(", ", values.Select((_, i) => $"${i + 1}"))}", values);
        reader.Read().ShouldBeTrue();

        for (var i = 0; i < values.Length; i++)
            reader.GetValue(i).ShouldBe(values[i] is int n ? (long)n : values[i]);
    }

    [Fact]
    public void A_wrong_number_of_parameters_is_refused() =>
        Should.Throw<DuckDbException>(() => _connection.Query("SELECT $1, $2", [1])).Message.ShouldContain("takes 2 parameters, 1 were given");

    [Fact]
    public void Rows_stream_over_many_chunks_in_order_and_in_bounded_memory()
    {
        using var reader = _connection.Query("SELECT i, 'row number ' || i AS label FROM range(3000000) t(i)");
        var before = Process.GetCurrentProcess().WorkingSet64;
        long expected = 0;
        while (reader.Read())
        {
            if (reader.GetInt64(0) != expected)
                reader.GetInt64(0).ShouldBe(expected);
            expected++;
        }

        expected.ShouldBe(3_000_000);
        reader.Columns.ShouldBe([new("i", DuckDbType.BigInt), new("label", DuckDbType.Varchar)]);
        (Process.GetCurrentProcess().WorkingSet64 - before).ShouldBeLessThan(200L << 20);
    }

    [Fact]
    public void Changed_rows_are_counted()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2);");
        _connection.Execute("UPDATE t SET a = a + $1", [10]).ShouldBe(2);
        One("(SELECT sum(a) FROM t)").ShouldBe((Int128)23);
    }

    [Fact]
    public void Errors_carry_the_kind_and_the_message()
    {
        var syntax = Should.Throw<DuckDbException>(() => _connection.Execute("SELEC 1"));
        syntax.Kind.ShouldBe("Parser");
        syntax.Message.ShouldContain("SELEC");
        Should.Throw<DuckDbException>(() => _connection.Query("SELECT no_such_column")).Kind.ShouldBe("Binder");
        Should.Throw<DuckDbException>(() => _connection.Query("SELECT 1; SELECT 2")).Message.ShouldContain("multiple");
    }

    [Fact]
    public void A_failure_in_the_middle_of_a_stream_surfaces()
    {
        using var reader = _connection.Query("SELECT CASE WHEN i < 500000 THEN i ELSE ('x' || i)::BIGINT END FROM range(600000) t(i)");

        Should.Throw<DuckDbException>(() =>
        {
            while (reader.Read())
            {
            }
        }).Kind.ShouldBe("Conversion");
    }

    [Fact]
    public void An_open_reader_blocks_the_next_statement_until_it_is_disposed()
    {
        var reader = _connection.Query("SELECT 1");
        Should.Throw<InvalidOperationException>(() => _connection.Execute("SELECT 2")).Message.ShouldContain("still open");

        reader.Dispose();
        _connection.Execute("SELECT 2");
    }

    [Fact]
    public void A_cancelled_token_interrupts_a_runaway_statement()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();

        Should.Throw<OperationCanceledException>(() =>
        {
            using var reader = _connection.Query(
                "SELECT count(*) FROM range(10000000) a(x), range(10000000) b(y) WHERE hash(x + y) % 7 = 0", cancellationToken: cancellation.Token);
            reader.Read();
        });

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1));
        One("1").ShouldBe(1L);
    }

    [Fact]
    public void The_kind_of_a_statement_is_known_before_it_runs()
    {
        _connection.StatementOf("SELECT 1").ShouldBe(DuckDbStatement.Select);
        _connection.StatementOf("COPY (SELECT 1) TO '/tmp/x'").ShouldBe(DuckDbStatement.Copy);
        _connection.StatementOf("SET threads = 1").ShouldBe(DuckDbStatement.Set);
    }

    [Fact]
    public void A_closed_connection_refuses_and_ignores_an_interrupt()
    {
        var connection = DuckDbConnection.OpenInMemory();
        connection.Dispose();

        Should.Throw<ObjectDisposedException>(() => connection.Execute("SELECT 1"));
        connection.Interrupt();
        connection.Dispose();
    }

    [Fact]
    public void A_sample_reads_the_same_from_csv_and_parquet()
    {
        const string Sums = "SELECT count(*), sum(age), count(DISTINCT workclass) FROM ";
        using (var csv = _connection.Query(Sums + "read_csv($1)", [Samples.File("adult", "train.csv")]))
        using (var parquetConnection = DuckDbConnection.OpenInMemory())
        using (var parquet = parquetConnection.Query(Sums + "read_parquet($1)", [Samples.File("adult", "train.parquet")]))
        {
            csv.Read().ShouldBeTrue();
            parquet.Read().ShouldBeTrue();
            csv.GetInt64(0).ShouldBe(22_792);
            for (var i = 0; i < 3; i++)
                csv.GetInt64(i).ShouldBe(parquet.GetInt64(i));
        }
    }

    private object? One(string expression)
    {
        using var reader = _connection.Query($"SELECT {expression}");
        reader.Read().ShouldBeTrue();
        var value = reader.GetValue(0);
        reader.Read().ShouldBeFalse();
        return value;
    }
}
