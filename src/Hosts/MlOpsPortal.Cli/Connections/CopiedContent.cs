using System.Net;
using System.Net.Http.Headers;

namespace MlOpsPortal.Cli.Connections;

/// <summary>Sends on what comes from another server, piece by piece.</summary>
internal sealed class CopiedContent : HttpContent
{
    private const int PieceBytes = 256 * 1024;
    private readonly Download from;
    private readonly Action progress;

    public CopiedContent(Download from, Action progress)
    {
        (this.from, this.progress) = (from, progress);
        if (MediaTypeHeaderValue.TryParse(from.ContentType, out var type)) Headers.ContentType = type;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = from.KnownLength ?? 0;
        return from.KnownLength is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = System.Buffers.ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await from.ReadAsync(piece.AsMemory(), cancellationToken) is var read and > 0)
            {
                progress();
                await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                progress();
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) from.Dispose();
        base.Dispose(disposing);
    }
}
