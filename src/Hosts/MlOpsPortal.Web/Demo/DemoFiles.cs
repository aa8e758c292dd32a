using System.Security.Cryptography;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;

namespace MlOpsPortal.Web.Demo;

/// <summary>Brings sample files in by the same blocks that people's browsers send, and waits for the jobs that read them.</summary>
internal sealed class DemoFiles(UploadDesk uploads, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public async Task<UploadId> UploadAsync(Caller caller, string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;
        var upload = (await uploads.BeginAsync(caller, new BeginUpload(Path.GetFileName(path), file.Length, hash), cancellationToken)).Required();
        var block = new byte[upload.BlockSize];
        for (var number = 0; number < upload.BlockCount; number++)
        {
            var read = await file.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            var sent = block[..read];
            (await uploads.PutBlockAsync(caller, upload.Id, number, Convert.ToHexStringLower(SHA256.HashData(sent)), new MemoryStream(sent), cancellationToken)).Required();
        }

        return (await uploads.CompleteAsync(caller, upload.Id, cancellationToken)).Required().Id;
    }

    /// <summary>Looks until something is so.</summary>
    /// <exception cref="TimeoutException">It was not so after three minutes.</exception>
    public async Task<T> UntilAsync<T>(string what, Func<Task<T>> look, Func<T, bool> isSo, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        do
        {
            var seen = await look();
            if (isSo(seen))
                return seen;
        }
        while (time.GetElapsedTime(started) < Patience && await timer.WaitForNextTickAsync(cancellationToken));
        throw new TimeoutException($"The demo waited for {what} in vain.");
    }
}
