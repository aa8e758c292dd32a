using System.Net;
using System.Net.Sockets;

namespace MlOpsPortal.LocalServices;

/// <summary>Loopback ports: a chosen one is remembered between starts, so that bookmarks and tools keep working.</summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int AfterLast = 32_768;
    private const int Attempts = 100;

    /// <summary>The preferred port when nothing listens on it, any free one otherwise.</summary>
    public static int Choose(int? preferred) => preferred is { } port && IsFree(port) ? port : Any();

    /// <summary>True when a server could listen on the port, on 127.0.0.1 and on ::1 where that exists.</summary>
    public static bool IsFree(int port) =>
        CanListen(new IPEndPoint(IPAddress.Loopback, port)) && (!Socket.OSSupportsIPv6 || CanListen(new IPEndPoint(IPAddress.IPv6Loopback, port)));

    /// <summary>Below the ports that the system hands to outgoing connections (from 32768): a client that tries to reach a server which is just
    /// starting again could otherwise be given the server's own port, and even be connected to itself.</summary>
    private static int Any()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (IsFree(port))
                return port;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool CanListen(IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true; // no ::1 on this machine: nobody else can be on it either
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
