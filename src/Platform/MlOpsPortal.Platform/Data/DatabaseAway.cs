using System.Net.Sockets;
using MlOpsPortal.Platform.Errors;
using Npgsql;

namespace MlOpsPortal.Platform.Data;

/// <summary>Tells a database that cannot be reached, is starting or is going down from a bug. Whether a commit under way took effect is then unknown.</summary>
public static class DatabaseAway
{
    /// <summary>What Npgsql says, without a cause, when somebody goes on with a connection that broke a moment before.</summary>
    private static readonly string[] BrokenBefore =
    [
        "Connection is not open", "The connection is closed", "Transaction is already completed", "This NpgsqlTransaction has completed; it is no longer usable.",
    ];

    public static bool Is(Exception exception) => exception.Causes().Any(Says);

    private static bool Says(Exception cause) => cause switch
    {
        PostgresException refused => refused.IsTransient || IsSystem(refused.SqlState),
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException or ObjectDisposedException } => true,
        NpgsqlException or InvalidOperationException { Source: "Npgsql" } => BrokenBefore.Contains(cause.Message, StringComparer.Ordinal),
        _ => false,
    };

    /// <summary>The server's files and devices (class 58), or a server that takes no writes because another one does. Connections, shutdown, crash and start are transient.</summary>
    private static bool IsSystem(string state) => state.StartsWith("58", StringComparison.Ordinal) || state == PostgresErrorCodes.ReadOnlySqlTransaction;
}
