using System.Runtime.CompilerServices;
using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>A file of a run or a logged model.</summary>
/// <param name="Path">Below the root, as the server spells it.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ArtifactFile(string Path, long Size);

/// <summary>The files of one run or logged model.</summary>
/// <param name="list">What is in a folder below the root ("" is the root); names are base names.</param>
internal sealed class ArtifactTree(
    Func<string, CancellationToken, Task<IReadOnlyList<ArtifactEntry>>> list,
    Func<string, CancellationToken, Task<Download>> open,
    Func<string, Func<CancellationToken, Task<Download>>, CancellationToken, Task>? write)
{
    private const int Deepest = 64;

    public Task<Download> OpenAsync(string path, CancellationToken stop) => open(path, stop);

    public Task WriteAsync(string path, Func<CancellationToken, Task<Download>> content, CancellationToken stop) =>
        (write ?? throw new InvalidOperationException("These files can only be read."))(path, content, stop);

    /// <summary>Every file, folder by folder.</summary>
    public async IAsyncEnumerable<ArtifactFile> FilesAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in await list(folder, stop))
            {
                if (entry.Name is "" or "." or "..") continue; // no file is called so; as a path it would lead to other runs
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (!entry.IsDir) yield return new ArtifactFile(path, entry.FileSize ?? 0);
                else if (path.Count(character => character == '/') < Deepest) folders.Push(path);
                else throw new CliFailure($"The folder {path} is nested more than {Deepest} times; the server's list of files cannot be right.");
            }
        }
    }
}

/// <summary>One line of a server's list of files. Some servers say the whole path, some its last part.</summary>
internal sealed record ArtifactEntry
{
    public string Path { get; init; } = "";

    public bool IsDir { get; init; }

    public long? FileSize { get; init; }

    public string Name => Path.TrimEnd('/') is var path ? path[(path.LastIndexOf('/') + 1)..] : Path;
}

/// <summary>Where files are: behind the server's proxy, or in a store that the server reads for us.</summary>
internal sealed partial class MlflowServer
{
    private const string Proxy = "api/2.0/mlflow-artifacts/artifacts";
    private const string ProxyScheme = "mlflow-artifacts:";

    private sealed record ArtifactPage(IReadOnlyList<ArtifactEntry>? Files, string? NextPageToken);

    public ArtifactTree FilesOf(Run run) => ProxyRoot(run.Info.ArtifactUri) is { } root ? Proxied(root) : new ArtifactTree(
        (folder, stop) => EntriesAsync(Api + "artifacts/list", stop, ("run_id", run.Id), ("path", folder.Length > 0 ? folder : null)),
        (path, stop) => connection.OpenAsync("get-artifact", stop, ("run_id", run.Id), ("path", path)),
        write: null);

    public ArtifactTree FilesOf(LoggedModel model) => ProxyRoot(model.Info.ArtifactUri) is { } root ? Proxied(root) : new ArtifactTree(
        (folder, stop) => EntriesAsync($"{Api}logged-models/{Address.Escape(model.Id)}/artifacts/directories", stop, ("artifact_directory_path", folder.Length > 0 ? folder : null)),
        (path, stop) => connection.OpenAsync($"ajax-api/2.0/mlflow/logged-models/{Address.Escape(model.Id)}/artifacts/files", stop, ("artifact_file_path", path)),
        write: null);

    /// <summary>The path behind the proxy; null for a location that the proxy does not serve.</summary>
    public static string? ProxyRoot(string location)
    {
        if (!location.StartsWith(ProxyScheme, StringComparison.Ordinal)) return null;
        var rest = location[ProxyScheme.Length..];
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return rest.Trim('/');
        var slash = rest.IndexOf('/', 2);
        return slash < 0 ? "" : rest[slash..].Trim('/');
    }

    private ArtifactTree Proxied(string root) => new(
        (folder, stop) => EntriesAsync(Proxy, stop, ("path", folder.Length > 0 ? $"{root}/{folder}" : root)),
        (path, stop) => connection.OpenAsync($"{Proxy}/{Address.Escape($"{root}/{path}")}", stop),
        (path, open, stop) => connection.PutAsync($"{Proxy}/{Address.Escape($"{root}/{path}")}", open, stop));

    private async Task<IReadOnlyList<ArtifactEntry>> EntriesAsync(string path, CancellationToken stop, params (string, string?)[] query)
    {
        var all = new List<ArtifactEntry>();
        string? token = null;
        do
        {
            var page = await connection.GetAsync<ArtifactPage>(path, stop, [.. query, ("page_token", token)]);
            all.AddRange(page.Files ?? []);
            token = page.NextPageToken;
        }
        while (!string.IsNullOrEmpty(token));
        return all;
    }
}
