using System.Security.Cryptography;
using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Exporting;

/// <summary>Brings the files of a run or model into the folder, hashed while they are written.</summary>
internal sealed class SaveFiles(ExportFolder folder, Report report)
{
    private const int PieceBytes = 256 * 1024;
    private const int Attempts = 3;

    /// <param name="owners">"runs" or "models".</param>
    /// <returns>Null when a file could not be had; the report says which.</returns>
    public async Task<IReadOnlyList<ExportedFile>?> RunAsync(string owners, string id, ArtifactTree tree, CancellationToken stop)
    {
        var saved = new List<ExportedFile>();
        var complete = true;
        await foreach (var file in tree.FilesAsync(stop))
        {
            try
            {
                saved.Add(await SaveAsync(ExportFolder.FileFor(owners, id, file.Path), file, tree, stop));
            }
            catch (MlflowRefusal refusal)
            {
                report.Skip(Kind.Files, $"{file.Path} of {id}", refusal.Message);
                complete = false;
            }
        }

        return complete ? saved : null;
    }

    private async Task<ExportedFile> SaveAsync(string relative, ArtifactFile file, ArtifactTree tree, CancellationToken stop)
    {
        var path = folder.Absolute(relative);
        if (File.Exists(path) && new FileInfo(path).Length == file.Size)
        {
            report.Add(Kind.Files, Outcome.Present);
            await using var there = File.OpenRead(path);
            return new ExportedFile(file.Path, file.Size, Convert.ToHexStringLower(await SHA256.HashDataAsync(there, stop)), relative);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder.Root);
        var (size, hash) = await AgainAsync(() => DownloadAsync(file.Path, path + ".part", tree, stop));
        File.Move(path + ".part", path, overwrite: true);
        report.Add(Kind.Files, Outcome.Written);
        report.AddBytes(size);
        return new ExportedFile(file.Path, size, hash, relative);
    }

    /// <summary>A file that broke off is begun anew; who cannot be reached has been asked for again by then.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> download)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await download();
            }
            catch (BrokenDownload) when (attempt < Attempts)
            {
                // begun anew
            }
        }
    }

    private static async Task<(long Size, string Hash)> DownloadAsync(string from, string to, ArtifactTree tree, CancellationToken stop)
    {
        await using var body = await tree.OpenAsync(from, stop);
        await using var file = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, PieceBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        long size = 0;
        while (await body.ReadAsync(piece, stop) is var read and > 0)
        {
            hash.AppendData(piece.AsSpan(0, read));
            await file.WriteAsync(piece.AsMemory(0, read), stop);
            size += read;
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
