using System.Net;
using System.Net.Sockets;

namespace MlOpsPortal.LocalServices;

/// <summary>Loopback ports: a chosen one is remembered between starts, so that bookmarks and tools keep working.</summary>
public static class FreePort
{
    /// <summary>The preferred port when nothing listens on it, any free one otherwise.</summary>
    public static int Choose(int? preferred) => preferred is { } port && IsFree(port) ? port : Any();

    /// <summary>True when a server could listen on the port, on 127.0.0.1 and on ::1 where that exists.</summary>
    public static bool IsFree(int port) =>
        CanListen(new IPEndPoint(IPAddress.Loopback, port)) && (!Socket.OSSupportsIPv6 || CanListen(new IPEndPoint(IPAddress.IPv6Loopback, port)));

    private static int Any()
    {
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
