using System.Net.Sockets;
using System.Text;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>Requests that no client library would send, byte for byte.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>After what came, nothing more comes.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <returns>What came back, and whether the portal closed the connection after it.</returns>
    public static async Task<RawAnswer> SendAsync(Uri portal, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(portal.Host, portal.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                patience.CancelAfter(Silence);
            }

            return new RawAnswer(text.ToString(), Closed: true);
        }
        catch (OperationCanceledException)
        {
            return new RawAnswer(text.ToString(), Closed: false);
        }
        catch (IOException)
        {
            return new RawAnswer(text.ToString(), Closed: true); // reset
        }
    }
}

internal sealed record RawAnswer(string Text, bool Closed)
{
    public int Answers => Text.Split("HTTP/1.1 ").Length - 1;

    public string Status => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? Text[9..12] : "none";
}
