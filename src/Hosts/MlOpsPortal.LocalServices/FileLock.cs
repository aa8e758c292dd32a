using System.Diagnostics;

namespace MlOpsPortal.LocalServices;

/// <summary>A lock between processes, by flock(2): the kernel releases it however its holder ends.</summary>
public static class FileLock
{
    public static Stream? TryExclusive(string path) => TryOpen(path, FileAccess.ReadWrite, FileShare.None);

    public static Task<Stream> ExclusiveAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        WaitAsync(() => TryExclusive(path), path, patience, cancellation);

    public static Task<Stream> SharedAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        WaitAsync(() => TryOpen(path, FileAccess.Read, FileShare.Read), path, patience, cancellation);

    private static async Task<Stream> WaitAsync(Func<Stream?> open, string path, TimeSpan patience, CancellationToken cancellation)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < patience; await Task.Delay(20, cancellation))
            if (open() is { } held) return held;
        throw new LaunchException($"Another process has held the lock {path} for {patience.TotalSeconds:0} seconds.");
    }

    private static FileStream? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null; // held by another process
        }
    }
}
