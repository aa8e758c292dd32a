using System.Net;
using System.Net.Sockets;

namespace MlOpsPortal.LocalServices.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void A_remembered_port_is_kept_while_it_is_free()
    {
        var port = FreePort.Choose(null);
        FreePort.Choose(port).ShouldBe(port);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void A_remembered_port_that_somebody_took_is_replaced(string address)
    {
        using var other = new TcpListener(IPAddress.Parse(address), 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        FreePort.IsFree(taken).ShouldBeFalse();
        FreePort.Choose(taken).ShouldNotBe(taken);
    }
}
