using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Engines.Tests.DuckDb;

public sealed class DuckDbErrorTests : IDisposable
{
    private readonly DuckDbConnection _connection = DuckDbConnection.OpenInMemory();

    public DuckDbErrorTests()
    {
        _connection.Execute(DuckDbError.AsJson);
        _connection.Execute("CREATE TABLE t (a BIGINT, ü BIGINT)");
    }

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData("selec 1", "Parser", 1, 1)]
    [InlineData("select count(*)\nfrom t\nwhere foo = 1", "Binder", 3, 7)]
    [InlineData("select ü,\n   ü + nosuch from t", "Binder", 2, 8)]
    [InlineData("select a from elsewhere", "Catalog", 1, 15)]
    public void A_refused_statement_says_what_and_where(string sql, string kind, int line, int column)
    {
        var error = DuckDbError.Of(Should.Throw<DuckDbException>(() => _connection.Query(sql)), sql);

        error.Kind.ShouldBe(kind);
        error.Text.ShouldNotContain("{");
        DuckDbError.Place(sql, error.Offset.ShouldNotBeNull()).ShouldBe((line, column));
    }

    [Fact]
    public void What_has_no_position_still_has_its_sentence()
    {
        var error = DuckDbError.Of(Should.Throw<DuckDbException>(() => _connection.Query("select 1; select 2")), "select 1; select 2");

        error.ShouldBe(new DuckDbError("Invalid Input", "Cannot prepare multiple statements at once!", null));
    }

    [Fact]
    public void Parameters_are_listed_in_the_order_of_their_values()
    {
        var names = _connection.ParametersOf("select count(*) from t where a < $to and a >= $from and a <> $to");

        names.ShouldBe(["to", "from"]);
        using var reader = _connection.Query("select $to - $from", [7L, 3L]);
        reader.Read().ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(4);
    }
}
