namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>More came than the tenant has room for; only the length of what nobody announced is found out this way.</summary>
internal sealed class NoRoomException() : IOException("The content is longer than what the tenant has room for.");

/// <summary>Passes a stream on up to a number of bytes. Read only, forward only.</summary>
/// <param name="most">Bytes.</param>
internal sealed class LimitedStream(Stream inner, long most) : Stream
{
    private long left = most;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Note(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Note(await inner.ReadAsync(buffer, cancellationToken));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Note(int read) => (left -= read) >= 0 ? read : throw new NoRoomException();
}
