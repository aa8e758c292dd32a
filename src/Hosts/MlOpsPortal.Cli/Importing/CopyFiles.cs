using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>Copies the files that are missing, or of another size, at the target.</summary>
internal sealed class CopyFiles(Report report)
{
    /// <param name="owner">Names the run or model in the report.</param>
    /// <param name="targetIsEmpty">Saves the question what is there.</param>
    /// <returns>Whether the target has every file now.</returns>
    public async Task<bool> RunAsync(string owner, ArtifactTree from, ArtifactTree to, bool targetIsEmpty, CancellationToken stop)
    {
        Dictionary<string, long>? there = null;
        var complete = true;
        await foreach (var file in from.FilesAsync(stop))
        {
            there ??= targetIsEmpty ? [] : await SizesAsync(to, stop);
            if (there.TryGetValue(file.Path, out var size) && size == file.Size) report.Add(Kind.Files, Outcome.Present);
            else complete &= await CopyAsync(owner, file, from, to, stop);
        }

        return complete;
    }

    private async Task<bool> CopyAsync(string owner, ArtifactFile file, ArtifactTree from, ArtifactTree to, CancellationToken stop)
    {
        try
        {
            await to.WriteAsync(file.Path, token => from.OpenAsync(file.Path, token), stop);
        }
        catch (MlflowRefusal refusal)
        {
            report.Skip(Kind.Files, $"{file.Path} of {owner}", refusal.Message);
            return false;
        }

        report.Add(Kind.Files, Outcome.Written);
        report.AddBytes(file.Size);
        return true;
    }

    private static async Task<Dictionary<string, long>> SizesAsync(ArtifactTree tree, CancellationToken stop)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var file in tree.FilesAsync(stop)) sizes[file.Path] = file.Size;
        return sizes;
    }
}
