using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Datasets.Tests;

/// <summary>Real child processes of this test program, confined as the portal's are.</summary>
internal sealed class TestChildren : IDisposable
{
    private readonly string root = Path.Combine(AppContext.BaseDirectory, "children-" + Guid.NewGuid().ToString("n"));
    private readonly Platform.Jobs.ChildProcess children;
    private readonly List<ScratchFolder> folders = [];

    public TestChildren() => children = new Platform.Jobs.ChildProcess(
        Options.Create(new JobOptions { ScratchFolder = root }), start => MlOpsPortal.Engines.Sandbox.ChildProcess.Start(start), TimeProvider.System, NullLogger<Platform.Jobs.ChildProcess>.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static string Sample(string path) => Path.Combine(Repository.Root, "samples", path);

    /// <summary>Files that one child made and another is to read.</summary>
    public ScratchFolder Last => folders[^1];

    public async Task<Result<ReadAnswer>> ReadAsync(string file, ReadOptions? options = null, params ImmutableArray<Expectation> expectations) =>
        await RunAsync<ReadAnswer>(DatasetVerbs.Read, new ReadSpec(Path.GetFileName(file), new FileInfo(file).Length, options ?? ReadOptions.Detect, expectations), Staged(FileReader.Source, file));

    public Task<Result<ReadAnswer>> ReadAsync(byte[] content, ReadOptions? options = null) => ReadAsync(Written(content), options);

    public async Task<Result<Detection>> DetectAsync(byte[] content, ReadOptions? options = null)
    {
        var file = Written(content);
        return await RunAsync<Detection>(DatasetVerbs.Detect, new ReadSpec("file.csv", content.Length, options ?? ReadOptions.Detect, []), Staged(FileReader.Source, file));
    }

    public Task<Result<TAnswer>> RunAsync<TAnswer>(string verb, object spec, params ImmutableArray<(string Name, string File)> inputs)
    {
        var scratch = children.NewScratch();
        folders.Add(scratch);
        foreach (var (name, file) in inputs)
        {
            File.Copy(file, scratch.Input(name));
            ScratchFolder.Protect(scratch.Input(name));
        }

        return children.RunAsync<TAnswer>(verb, spec, scratch, new ChildLimits { WallTime = TimeSpan.FromMinutes(3) }, progress: null, Stop);
    }

    public void Dispose()
    {
        folders.ForEach(folder => folder.Dispose());
        children.Dispose();
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    public string Written(byte[] content)
    {
        Directory.CreateDirectory(root);
        var file = Path.Combine(root, Guid.NewGuid().ToString("n"));
        File.WriteAllBytes(file, content);
        return file;
    }

    private static (string Name, string File) Staged(string name, string file) => (name, file);
}
