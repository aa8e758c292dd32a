using System.Diagnostics;

namespace MlOpsPortal.LocalServices;

/// <summary>A lock between processes, by flock(2): the kernel releases it however its holder ends.</summary>
public static class FileLock
{
    public static Task<Stream?> TryExclusiveAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        WaitAsync(() => TryOpen(path, FileAccess.ReadWrite, FileShare.None), patience, cancellation);

    public static async Task<Stream> ExclusiveAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        await TryExclusiveAsync(path, patience, cancellation) ?? throw Held(path, patience);

    public static async Task<Stream> SharedAsync(string path, TimeSpan patience, CancellationToken cancellation) =>
        await WaitAsync(() => TryOpen(path, FileAccess.Read, FileShare.Read), patience, cancellation) ?? throw Held(path, patience);

    private static LaunchException Held(string path, TimeSpan patience) => new($"Another process has held the lock {path} for {patience.TotalSeconds:0} seconds.");

    private static async Task<Stream?> WaitAsync(Func<Stream?> open, TimeSpan patience, CancellationToken cancellation)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(20, cancellation))
        {
            if (open() is { } held) return held;
            if (since.Elapsed > patience) return null;
        }
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
