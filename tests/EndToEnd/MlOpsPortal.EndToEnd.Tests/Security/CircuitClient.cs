using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>A browser's side of a circuit as far as attacks need it: SignalR's MessagePack protocol over a web socket, invocations and their completions.</summary>
internal sealed class CircuitClient : IDisposable
{
    private const int Completion = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket socket = new();
    private int asked;

    public static async Task<CircuitClient> ConnectAsync(Uri portal, CookieContainer? cookies, string? origin = null)
    {
        var client = new CircuitClient();
        client.socket.Options.Cookies = cookies;
        client.socket.Options.SetRequestHeader("Origin", origin ?? portal.GetLeftPart(UriPartial.Authority));
        using var patience = new CancellationTokenSource(Patience);
        await client.socket.ConnectAsync(new UriBuilder(portal) { Scheme = "ws", Path = "/_blazor" }.Uri, patience.Token);
        await client.socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        await client.ReceiveAsync(patience.Token);
        return client;
    }

    /// <returns>The circuit's id, or null when it was refused.</returns>
    public async Task<string?> StartAsync(Uri portal) =>
        await InvokeAsync("StartCircuit", portal.ToString(), portal.ToString(), "[]", "") as string;

    public async Task<bool> TakeUpAsync(string circuit) => await InvokeAsync("ConnectCircuit", circuit) is true;

    /// <summary>Sends a message of so many bytes.</summary>
    /// <returns>Whether the portal closed the connection.</returns>
    public async Task<bool> IsCutByAsync(int bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket.SendAsync(Frame(new byte[bytes]), WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
        try
        {
            while (socket.State == WebSocketState.Open)
                await ReceiveAsync(patience.Token);
            return true;
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    public void Dispose() => socket.Dispose();

    /// <returns>A text, a truth value, or null.</returns>
    private async Task<object?> InvokeAsync(string method, params string[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = (++asked).ToString(System.Globalization.CultureInfo.InvariantCulture);
        // [1, headers, id, target, arguments, streams]
        byte[] message = [0x96, 1, 0x80, .. Text(id), .. Text(method), (byte)(0x90 | arguments.Length), .. arguments.SelectMany(Text), 0x90];
        await socket.SendAsync(Frame(message), WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
        while (true)
            foreach (var body in Messages(await ReceiveAsync(patience.Token)))
                if (body[1] == Completion)
                    return Result(body);
    }

    /// <summary>[3, headers, id, kind, result?], kind 1 an error, 2 nothing, 3 a value.</summary>
    private static object? Result(ReadOnlySpan<byte> completion)
    {
        var place = 3;
        ReadText(completion, ref place);
        var kind = completion[place++];
        if (kind == 1)
            throw new InvalidOperationException(ReadText(completion, ref place));
        return kind == 2 ? null : completion[place] switch { 0xc0 => null, 0xc2 => false, 0xc3 => true, _ => ReadText(completion, ref place) };
    }

    private static string ReadText(ReadOnlySpan<byte> from, ref int place)
    {
        var head = from[place++];
        var length = head switch
        {
            >= 0xa0 and <= 0xbf => head & 0x1f,
            0xd9 => from[place++],
            0xda => BinaryPrimitives.ReadUInt16BigEndian(from[((place += 2) - 2)..]),
            _ => throw new InvalidDataException($"0x{head:x2} begins no text."),
        };
        place += length;
        return Encoding.UTF8.GetString(from.Slice(place - length, length));
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [0xda, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    /// <summary>Length in seven bits a byte, lowest first, then the message.</summary>
    private static byte[] Frame(byte[] message)
    {
        var head = new List<byte>();
        for (var rest = message.Length; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                head.Add((byte)rest);
                return [.. head, .. message];
            }

            head.Add((byte)(0x80 | (rest & 0x7f)));
        }
    }

    private static List<byte[]> Messages(byte[] frames)
    {
        var messages = new List<byte[]>();
        for (var place = 0; place < frames.Length;)
        {
            var (length, shift) = (0, 0);
            byte part;
            do
            {
                part = frames[place++];
                length |= (part & 0x7f) << shift;
                shift += 7;
            }
            while ((part & 0x80) != 0);
            messages.Add(frames[place..(place + length)]);
            place += length;
        }

        return messages;
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellation);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return whole.ToArray();
        }
    }
}
