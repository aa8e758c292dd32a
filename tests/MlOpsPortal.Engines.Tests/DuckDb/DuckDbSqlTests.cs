using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Engines.Tests.DuckDb;

public sealed class DuckDbSqlTests
{
    public static TheoryData<string> HostileTexts => new(
        "plain", "two words", "\"; DROP TABLE t; --", "'; DROP TABLE t; --", "a\"\"b", "a''b", "\\'", "=cmd|' /C calc'!A0", "<script>", "ünï 😀", "tab\tnew\nline",
        new string('x', 10_240), "$1", "?", "--", "/*");

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Any_header_is_a_column_name_and_any_text_a_literal(string text)
    {
        using var connection = DuckDbConnection.OpenInMemory();
        using var reader = connection.Query($"SELECT {DuckDbSql.Literal(text)} AS {DuckDbSql.Identifier(text)}");

        reader.Read().ShouldBeTrue();
        reader.GetString(0).ShouldBe(text);
        reader.Columns[0].Name.ShouldBe(text);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-1e-310)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_double_comes_back_to_the_bit(double value)
    {
        using var connection = DuckDbConnection.OpenInMemory();
        using var reader = connection.Query($"SELECT {DuckDbSql.Literal(value)}");

        reader.Read().ShouldBeTrue();
        reader.GetDouble(0).ShouldBe(value);
    }

    [Fact]
    public void What_no_name_can_be_is_refused()
    {
        Should.Throw<ArgumentException>(() => DuckDbSql.Identifier(""));
        Should.Throw<ArgumentException>(() => DuckDbSql.Identifier("a\0b"));
        Should.Throw<ArgumentException>(() => DuckDbSql.Literal("a\0b"));
    }
}
