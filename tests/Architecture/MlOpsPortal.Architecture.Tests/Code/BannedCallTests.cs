namespace MlOpsPortal.Architecture.Code;

/// <summary>Calls that stand against how this code is written; exceptions.md has those with a reason.</summary>
public sealed class BannedCallTests
{
    /// <summary>Target and what to write instead.</summary>
    private static readonly Dictionary<string, string> Banned = new(StringComparer.Ordinal)
    {
        ["System.DateTime.get_Now"] = "TimeProvider",
        ["System.DateTime.get_UtcNow"] = "TimeProvider",
        ["System.DateTime.get_Today"] = "TimeProvider",
        ["System.DateTimeOffset.get_Now"] = "TimeProvider",
        ["System.DateTimeOffset.get_UtcNow"] = "TimeProvider",
        ["System.Threading.Tasks.Task`1.get_Result"] = "await",
        ["System.Threading.Tasks.Task.Wait"] = "await",
        ["System.Threading.Tasks.Task.WaitAll"] = "await Task.WhenAll",
        ["System.Threading.Tasks.Task.WaitAny"] = "await Task.WhenAny",
        ["System.Threading.Thread.Sleep"] = "await a state, or a timer of TimeProvider",
        ["System.Net.Http.HttpClient..ctor"] = "one guarded client for what leaves the portal",
    };

    private static readonly string[] RawSql =
    [
        "Npgsql.NpgsqlCommand..ctor", "Npgsql.NpgsqlBatchCommand..ctor", "Npgsql.NpgsqlDataSource.CreateCommand", "Npgsql.NpgsqlDataSource.CreateBatch",
        "Npgsql.NpgsqlConnection.CreateCommand", "System.Data.Common.DbConnection.CreateCommand",
        "Microsoft.EntityFrameworkCore.RelationalQueryableExtensions.FromSql", "Microsoft.EntityFrameworkCore.RelationalQueryableExtensions.FromSqlRaw",
        "Microsoft.EntityFrameworkCore.RelationalQueryableExtensions.FromSqlInterpolated",
        "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlAsync", "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.ExecuteSqlRawAsync",
        "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.SqlQuery", "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.SqlQueryRaw",
        "Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.IgnoreQueryFilters",
    ];

    private static readonly Lazy<List<CompiledCall>> Calls = new(() => [.. SourceProject.Running.SelectMany(project => CompiledCalls.Of(project.AssemblyFile))]);

    [Fact]
    public void Banned_calls_stand_in_the_list_with_a_reason() =>
        CommittedList.Differences(
            Calls.Value.Where(call => Banned.ContainsKey(call.Target)).Select(call => (call.Caller, call.Target)),
            CommittedList.Read("exceptions.md", "Banned calls"))
            .Select(difference => difference + Advice(difference)).ShouldBeEmpty();

    /// <summary>Whoever writes SQL by hand, or takes the tenant's filter off, must think of the tenant herself.</summary>
    [Fact]
    public void Raw_SQL_stands_in_the_list_with_what_keeps_tenants_apart() =>
        CommittedList.Differences(
            Calls.Value.Where(call => RawSql.Contains(call.Target)).Select(call => (call.Caller, "raw SQL")),
            CommittedList.Read("exceptions.md", "Raw SQL")).ShouldBeEmpty();

    [Fact]
    public void Calls_are_found_in_closures_and_asynchronous_methods()
    {
        var own = CompiledCalls.Of(typeof(BannedCallTests).Assembly.Location).Where(call => call.Caller == typeof(Samples).FullName).Select(call => call.Target).ToList();

        own.ShouldContain("System.Threading.Thread.Sleep");
        own.ShouldContain("System.DateTime.get_UtcNow");
        own.ShouldContain("System.Threading.Tasks.Task`1.get_Result");
        own.ShouldContain("System.Net.Http.HttpClient..ctor");
    }

    private static string Advice(string difference) => Banned.FirstOrDefault(banned => difference.EndsWith(banned.Key, StringComparison.Ordinal)) is { Value: { } instead } ? $"; use {instead}" : "";
}

/// <summary>What the reader of compiled code must find. Nothing here is ever called.</summary>
internal static class Samples
{
    public static readonly Func<Task<DateTime>> Closure = async () =>
    {
        await Task.Yield();
        Thread.Sleep(1);
        return DateTime.UtcNow;
    };

    public static int Blocking(Task<int> task)
    {
        using var client = new HttpClient();
        return task.Result + client.DefaultRequestHeaders.Count();
    }
}
