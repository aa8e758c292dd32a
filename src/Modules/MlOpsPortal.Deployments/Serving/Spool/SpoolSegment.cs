using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>One file of the spool. Written at its end only, read from its beginning, deleted when everything in it is in the log.</summary>
internal sealed class SpoolSegment : IDisposable
{
    private const string Extension = ".spool";
    private readonly SafeFileHandle file;
    private long length;

    private SpoolSegment(string path, long number, SafeFileHandle file) => (Path, Number, this.file) = (path, number, file);

    public string Path { get; }

    public long Number { get; }

    /// <summary>Bytes of whole frames; what a crash left behind them does not count.</summary>
    public long Length => Volatile.Read(ref length);

    /// <summary>Frames read so far, in bytes.</summary>
    public long ReadTo { get; set; }

    public static SpoolSegment Create(string folder, long number)
    {
        var path = System.IO.Path.Combine(folder, number.ToString("d12", CultureInfo.InvariantCulture) + Extension);
        return new SpoolSegment(path, number, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));
    }

    /// <summary>Opens the files that an earlier process left, oldest first.</summary>
    public static IEnumerable<SpoolSegment> OpenAll(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)
            .Select(path => new SpoolSegment(
                path, long.Parse(System.IO.Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture), File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read)));

    /// <summary>Finds the whole frames of an earlier process.</summary>
    /// <returns>How many there are, and how many bytes behind them are none.</returns>
    public (int Records, long Torn) Recover()
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
            read += more;
        var (records, at) = (0, 0);
        while (SpoolFrame.Check(bytes.AsSpan(at, read - at)) is > 0 and var frame)
        {
            at += frame;
            records++;
        }

        Volatile.Write(ref length, at);
        return (records, bytes.Length - at);
    }

    /// <summary>One write(2) behind the last whole frame. After a failed one the next overwrites what it left.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public void Write(ReadOnlySpan<byte> frames)
    {
        try
        {
            RandomAccess.Write(file, frames, length);
        }
        catch (ArgumentOutOfRangeException exception) // .NET's word for EFBIG: a limit on the size of files
        {
            throw new IOException($"{Path} may not grow.", exception);
        }

        Volatile.Write(ref length, length + frames.Length);
    }

    public int Read(Span<byte> target, long from) => RandomAccess.Read(file, target, from);

    public void Dispose() => file.Dispose();

    public void Delete()
    {
        file.Dispose();
        File.Delete(Path);
    }
}
