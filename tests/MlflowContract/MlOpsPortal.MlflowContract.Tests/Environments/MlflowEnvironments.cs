using System.Security.Cryptography;
using System.Text;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.MlflowContract.Environments;

/// <summary>The two Python environments that judge us: MLflow of today, whole, and the oldest client to support. Made once per machine, in its cache.</summary>
public sealed class MlflowEnvironments : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";
    private const string Current = "3.17.2";
    private const string Oldest = "2.20.4";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What of MLflow's neighbours comes from Debian: module and package.</summary>
    private static readonly (string Module, string Package)[] System =
    [
        ("ensurepip", "python3-venv"), ("sklearn", "python3-sklearn"), ("pandas", "python3-pandas"), ("scipy", "python3-scipy"), ("matplotlib", "python3-matplotlib"), ("onnx", "python3-onnx"),
    ];

    /// <summary>The interpreter of the environment with MLflow of today.</summary>
    public string CurrentPython { get; private set; } = "";

    /// <summary>The interpreter of the environment with the oldest client.</summary>
    public string OldestPython { get; private set; } = "";

    private static string Cache => Directory.CreateDirectory(Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
        : Path.Combine(Repository.Root, "artifacts"), "mlopsportal")).FullName;

    public async ValueTask InitializeAsync()
    {
        using var held = await FileLock.ExclusiveAsync(Path.Combine(Cache, "mlflow.lock"), Patience, CancellationToken.None);
        CurrentPython = await MakeAsync("mlflow", CurrentArguments());
        OldestPython = await MakeAsync("mlflow-oldest", OldestArguments());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string[] CurrentArguments() => Wheels.Folder is { } wheels
        ? ["--no-index", "--no-deps", .. Directory.EnumerateFiles(wheels, "*.whl").Order(StringComparer.Ordinal)]
        : [$"mlflow=={Current}", "skops", "onnxruntime"];

    private static string[] OldestArguments() => Wheels.Folder is { } wheels
        ? ["--no-index", "--find-links", Path.Combine(wheels, $"mlflow-{Oldest[..Oldest.LastIndexOf('.')]}"), "--find-links", wheels, $"mlflow-skinny=={Oldest}"]
        : [$"mlflow-skinny=={Oldest}"];

    /// <summary>Makes the environment where it is not there yet; half a one, left by a process that was killed, is made again.</summary>
    private static async Task<string> MakeAsync(string name, string[] arguments)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', arguments.Select(Path.GetFileName)))))[..12];
        var folder = Path.Combine(Cache, $"{name}-{key}");
        var (python, complete) = (Path.Combine(folder, "bin", "python3"), Path.Combine(folder, "complete"));
        if (File.Exists(complete))
            return python;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await RequireSystemAsync();
        var log = Path.Combine(Cache, $"{name}.log");
        await RunAsync("venv", log, [Python, "-m", "venv", "--system-site-packages", folder]);
        try
        {
            await RunAsync("pip", log, [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", .. arguments]);
        }
        catch (LaunchException failed) when (Wheels.Folder is null)
        {
            throw new LaunchException($"MLflow is missing: no folder shared/wheels was found above {Repository.Root}, {Wheels.Variable} is not set, and pip could not install it from its index. {failed.Message}");
        }

        await File.WriteAllTextAsync(complete, "");
        return python;
    }

    private static async Task RequireSystemAsync()
    {
        if (!File.Exists(Python))
            throw new LaunchException($"{Python} is missing. Install Debian's packages python3 and {string.Join(' ', System.Select(one => one.Package))}.");
        var found = await PythonProcess.RunAsync(
            Python, ["-c", $"import importlib.util; print(' '.join(m for m in '{string.Join(' ', System.Select(one => one.Module))}'.split() if importlib.util.find_spec(m) is None))"], new Dictionary<string, string?>(StringComparer.Ordinal), TimeSpan.FromMinutes(1));
        if (System.Where(one => found.Output.Split([' ', '\n']).Contains(one.Module, StringComparer.Ordinal)).Select(one => one.Package).ToList() is { Count: > 0 } missing)
            throw new LaunchException($"Debian's packages are missing: apt-get install {string.Join(' ', missing)}");
    }

    private static async Task RunAsync(string name, string log, IReadOnlyList<string> command)
    {
        using var limit = new CancellationTokenSource(Patience);
        await ChildProcess.RunAsync(new ChildCommand { Name = name, Command = command, LogFile = log }, limit.Token);
    }
}
