using System.Net.Sockets;
using Npgsql;

namespace MlOpsPortal.Platform.Data;

/// <summary>Tells a database that cannot be reached, is starting or is going down from a bug. Whether a commit under way took effect is then unknown.</summary>
public static class DatabaseAway
{
    public static bool Is(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException!) // null ends it
        {
            if (inner is PostgresException refused)
                return refused.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections || refused.IsTransient;
            if (inner is NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException or TimeoutException })
                return true;
        }

        return false;
    }
}
