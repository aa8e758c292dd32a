using MlOpsPortal.Engines.DuckDb;

namespace MlOpsPortal.Engines.Tests.DuckDb;

public sealed class DuckDbSandboxTests : IDisposable
{
    private readonly ScratchFolder _job = new();
    private readonly ScratchFolder _elsewhere = new();
    private readonly DuckDbConnection _connection = DuckDbConnection.OpenInMemory();
    private readonly string _input;
    private readonly string _secret;
    private readonly string _spill;

    public DuckDbSandboxTests()
    {
        _input = _job.Write("input.csv", "a,b\n1,x\n2,y\n");
        _secret = _elsewhere.Write("secret.csv", "a,b\n3,secret\n");
        _spill = Directory.CreateDirectory(_job.File("spill")).FullName;
        DuckDbSandbox.Close(_connection, [_input, Output], _spill, memoryLimit: 256L << 20, threads: 2);
    }

    private string Output => _job.File("output.parquet");

    public void Dispose()
    {
        _connection.Dispose();
        _job.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void The_staged_input_is_read_and_the_output_written()
    {
        _connection.Execute($"COPY (SELECT * FROM read_csv({DuckDbSql.Literal(_input)})) TO {DuckDbSql.Literal(Output)} (FORMAT parquet)");

        using var reader = _connection.Query("SELECT count(*) FROM read_parquet($1)", [Output]);
        reader.Read().ShouldBeTrue();
        reader.GetInt64(0).ShouldBe(2);
    }

    [Theory]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('/etc/passwd')")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM read_json('/etc/passwd')")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM parquet_metadata('/etc/passwd')")]
    [InlineData("SELECT * FROM read_csv('{secret}')")]
    [InlineData("SELECT * FROM read_csv('{job}/../{elsewhere}/secret.csv')")]
    [InlineData("SELECT * FROM read_csv('{job}/*.csv')")]
    [InlineData("SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')")]
    [InlineData("ATTACH '{job}/other.duckdb'")]
    [InlineData("ATTACH '{secret}'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("LOAD '{job}/evil.duckdb_extension'")]
    [InlineData("COPY (SELECT 1) TO '{job}/other.csv'")]
    [InlineData("COPY (SELECT 1) TO '/tmp/mlops-outside.csv'")]
    [InlineData("EXPORT DATABASE '{job}/dump'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET memory_limit = '64GB'")]
    [InlineData("SET threads = 64")]
    [InlineData("SET home_directory = '/etc'")]
    [InlineData("SET temp_directory = '/etc'")]
    [InlineData("SET allowed_paths = ['/etc/passwd']")]
    [InlineData("SET allowed_directories = ['/etc']")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("RESET lock_configuration")]
    [InlineData("SET autoinstall_known_extensions = true")]
    [InlineData("PRAGMA enable_profiling = 'json'")]
    [InlineData("SELECT getenv('PATH')")]
    [InlineData("CREATE SECRET s (TYPE s3)")]
    public void A_way_out_is_blocked(string attempt)
    {
        var sql = attempt.Replace("{secret}", _secret, StringComparison.Ordinal)
            .Replace("{job}", _job.Path, StringComparison.Ordinal)
            .Replace("{elsewhere}", Path.GetFileName(_elsewhere.Path), StringComparison.Ordinal);

        Should.Throw<DuckDbException>(() =>
        {
            using var reader = _connection.Query(sql);
            while (reader.Read())
            {
            }
        });
        Directory.GetFiles(_job.Path).ShouldBe([_input]);
    }

    [Fact]
    public void Secrets_show_nothing()
    {
        var refused = Should.Throw<DuckDbException>(() => _connection.Query("SELECT * FROM duckdb_secrets()"));

        refused.Kind.ShouldBe("Permission");
    }

    [Fact]
    public void The_folder_for_spilling_holds_no_input_and_no_output()
    {
        using var connection = DuckDbConnection.OpenInMemory();

        Should.Throw<ArgumentException>(() => DuckDbSandbox.Close(connection, [_input], _job.Path)).Message.ShouldContain("folder for spilling");
    }

    [Fact]
    public void The_memory_limit_stops_a_query_that_would_pass_it()
    {
        var failure = Should.Throw<DuckDbException>(() => _connection.Execute("SELECT len(list(i)) FROM range(500000000) t(i)"));

        failure.Message.ShouldContain("memory", Case.Insensitive);
    }

    [Theory]
    [InlineData("relative.csv")]
    [InlineData("/tmp/../etc/passwd")]
    public void A_path_that_is_not_full_and_normalised_is_refused(string path)
    {
        using var connection = DuckDbConnection.OpenInMemory();
        Should.Throw<ArgumentException>(() => DuckDbSandbox.Close(connection, [path], _spill));
    }
}
