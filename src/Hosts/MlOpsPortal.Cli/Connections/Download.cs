namespace MlOpsPortal.Cli.Connections;

/// <summary>A body that did not come whole: not the matter of the disk that it was meant for.</summary>
internal sealed class BrokenDownload(string message, Exception cause) : IOException(message, cause)
{
    public string Sentence => $"{Message}; run the command again, it continues where it ended.";
}

/// <summary>A body that is read as it comes, never held in memory; a server that falls silent ends it.</summary>
internal sealed class Download : Stream
{
    private readonly HttpResponseMessage answer;
    private readonly Stream body;
    private readonly string server;
    private readonly TimeSpan patience;

    private Download(HttpResponseMessage answer, Stream body, string server, TimeSpan patience) => (this.answer, this.body, this.server, this.patience) = (answer, body, server, patience);

    /// <summary>Null when the server does not say.</summary>
    public long? KnownLength => answer.Content.Headers.ContentLength;

    public string? ContentType => answer.Content.Headers.ContentType?.ToString();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static async Task<Download> OpenAsync(HttpResponseMessage answer, string server, TimeSpan patience, CancellationToken stop) =>
        new(answer, await answer.Content.ReadAsStreamAsync(stop), server, patience);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await body.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokenDownload($"{server} fell silent in the middle of a file", failure);
        }
        catch (IOException failure)
        {
            throw new BrokenDownload($"{server} broke off in the middle of a file", failure);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
