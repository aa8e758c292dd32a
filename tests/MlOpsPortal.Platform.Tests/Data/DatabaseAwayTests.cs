using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Platform.Data;
using Npgsql;

namespace MlOpsPortal.Platform.Tests.Data;

public sealed class DatabaseAwayTests
{
    public static TheoryData<string, Exception> Away => new()
    {
        { "nobody listens", new NpgsqlException("Failed to connect to 127.0.0.1:5432", new SocketException((int)SocketError.ConnectionRefused)) },
        { "the connection was reset", new NpgsqlException("Exception while reading from stream", new IOException("reset", new SocketException((int)SocketError.ConnectionReset))) },
        { "the stream ended", new NpgsqlException("Exception while reading from stream", new EndOfStreamException()) },
        { "the stream was closed by another thread", new NpgsqlException("Exception while writing to stream", new ObjectDisposedException("NetworkStream")) },
        { "no answer in time", new NpgsqlException("Exception while reading from stream", new TimeoutException()) },
        { "no free connection in time", new NpgsqlException("The connection pool has been exhausted", new TimeoutException()) },
        { "broken a moment before", new NpgsqlException("The connection was previously broken because of the following exception", Refused("57P01")) },
        { "closed a moment before", new NpgsqlException("The connection is closed") },
        { "a command on a connection that broke", new InvalidOperationException("Connection is not open") { Source = "Npgsql" } },
        { "a command in a transaction that broke", new InvalidOperationException("Transaction is already completed") { Source = "Npgsql" } },
        { "a commit of a transaction that broke", new InvalidOperationException("This NpgsqlTransaction has completed; it is no longer usable.") { Source = "Npgsql" } },
        { "a transaction that was disposed as it broke", new ObjectDisposedException("NpgsqlTransaction", new NpgsqlException("Exception while reading from stream", new IOException())) },
        { "EF's word for what may pass", new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", new NpgsqlException("", new IOException())) },
        { "a save", new DbUpdateException("An error occurred while saving.", Refused("57P01")) },
        { "an admin's shutdown", Refused("57P01") },
        { "a crash", Refused("57P02") },
        { "starting up", Refused("57P03") },
        { "too many connections", Refused("53300") },
        { "the server's disk", Refused("58030") },
        { "the server's files", Refused("58P01") },
        { "the connection's class", Refused("08006") },
        { "a server that another one stands for", Refused("25006") },
        { "the last of several", new AggregateException(new FormatException("a"), new AggregateException(new DbUpdateException("b", Refused("57P01")))) },
    };

    public static TheoryData<string, Exception> Bugs => new()
    {
        { "a taken name", new DbUpdateException("An error occurred while saving.", Refused("23505")) },
        { "wrong SQL", Refused("42601") },
        { "a missing right", Refused("42501") },
        { "a protocol error of ours", Refused("08P01") },
        { "a statement that takes too long", Refused("57014") },
        { "two commands at once", new NpgsqlException("A command is already in progress") },
        { "somebody else's closed connection", new InvalidOperationException("Connection is not open") },
        { "a disposed thing of our own", new ObjectDisposedException("PredictionSpool") },
        { "a file", new IOException("No space left on device") },
        { "a lock", new TimeoutException() },
        { "a request that was given up", new OperationCanceledException("Query was cancelled", new TimeoutException()) },
        { "several bugs", new AggregateException(new FormatException("a"), new FormatException("b")) },
    };

    [Theory]
    [MemberData(nameof(Away))]
    public void It_is_away(string how, Exception exception) => DatabaseAway.Is(exception).ShouldBeTrue(how);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void It_is_there_and_something_else_is_wrong(string what, Exception exception) => DatabaseAway.Is(exception).ShouldBeFalse(what);

    /// <summary>Whatever one does next with a connection whose server process ended; Npgsql's words for it are not promised to anyone.</summary>
    [Theory]
    [InlineData("a query")]
    [InlineData("a statement")]
    [InlineData("a savepoint")]
    [InlineData("a commit")]
    [InlineData("a commit after a query")]
    public async Task It_is_away_whatever_is_done_next_in_a_transaction_that_lost_its_server(string next)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var platform = await TestPlatform.StartAsync();
        await using var db = platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(platform.Caller.Tenant);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var process = await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").SingleAsync(stop);
        await using (var other = platform.Services.GetRequiredService<PortalDatabase>().App.CreateCommand($"SELECT pg_terminate_backend({process}, 10000)"))
            await other.ExecuteNonQueryAsync(stop);
        if (next == "a commit after a query")
            await Should.ThrowAsync<Exception>(() => db.Drafts.CountAsync(stop));

        var thrown = await Should.ThrowAsync<Exception>(() => next switch
        {
            "a query" => db.Drafts.CountAsync(stop),
            "a statement" => db.Database.ExecuteSqlAsync($"SELECT 1", stop),
            "a savepoint" => transaction.CreateSavepointAsync("here", stop),
            _ => transaction.CommitAsync(stop),
        });

        DatabaseAway.Is(thrown).ShouldBeTrue(thrown.ToString());
    }

    private static PostgresException Refused(string state) => new("refused", "FATAL", "FATAL", state);
}
