using System.Reflection;
using System.Runtime.InteropServices;

namespace MlOpsPortal.Engines;

/// <summary>
/// Where the two native libraries are. Asked in this order: <see cref="UseFolder"/>, the environment variable <c>MLOPS_NATIVE</c>,
/// <c>native/</c> beside the program (a published host), <c>node_modules</c> in a folder above it (a build).
/// A folder that was named explicitly is the only one looked into: a wrong setting fails, it never falls back.
/// </summary>
public static class EngineLibraries
{
    public const string EnvironmentVariable = "MLOPS_NATIVE";

    internal const string DuckDbName = "duckdb";

    private const string OnnxRuntimeFile = "libonnxruntime.so.1";
    private const string DuckDbFile = "libduckdb.so";

    private static readonly Lock RegisterLock = new();
    private static volatile string? s_folder;
    private static bool s_registered;

    /// <summary>Full path of ONNX Runtime's library.</summary>
    /// <exception cref="EngineLibraryNotFoundException">It is in none of the places.</exception>
    public static string OnnxRuntimePath => Find(OnnxRuntimeFile, $"onnxruntime-node/bin/napi-v6/linux/{Architecture}/{OnnxRuntimeFile}", "onnxruntime-node");

    /// <summary>Full path of DuckDB's library.</summary>
    /// <exception cref="EngineLibraryNotFoundException">It is in none of the places.</exception>
    public static string DuckDbPath => Find(DuckDbFile, $"@duckdb/node-bindings-linux-{Architecture}/{DuckDbFile}", $"@duckdb/node-bindings-linux-{Architecture}");

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";

    /// <summary>Names the folder that holds both libraries. Call it before the first use of an engine; a library that is loaded stays.</summary>
    public static void UseFolder(string? folder) => s_folder = folder;

    /// <summary>Answers this assembly's P/Invoke by the place found here, and only so.</summary>
    internal static void Register()
    {
        lock (RegisterLock)
        {
            if (s_registered)
                return;
            NativeLibrary.SetDllImportResolver(typeof(EngineLibraries).Assembly, Resolve);
            s_registered = true;
        }
    }

    internal static string Find(string file, string inNodeModules, string package, string? baseDirectory = null)
    {
        var named = s_folder ?? Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(named))
        {
            var path = Path.GetFullPath(Path.Combine(named, file));
            return File.Exists(path) ? path : throw new EngineLibraryNotFoundException(file, [path], package);
        }

        var tried = new List<string>();
        foreach (var candidate in Candidates(baseDirectory ?? AppContext.BaseDirectory, file, inNodeModules))
        {
            if (File.Exists(candidate))
                return candidate;
            tried.Add(candidate);
        }

        throw new EngineLibraryNotFoundException(file, tried, package);
    }

    private static IEnumerable<string> Candidates(string baseDirectory, string file, string inNodeModules)
    {
        yield return Path.Combine(baseDirectory, "native", file);
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            var modules = Path.Combine(folder.FullName, "node_modules");
            if (Directory.Exists(modules))
                yield return Path.Combine(modules, inNodeModules);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == DuckDbName ? NativeLibrary.Load(DuckDbPath) : 0;
}

/// <summary>A native library is in none of the places where it may be.</summary>
public sealed class EngineLibraryNotFoundException : Exception
{
    public EngineLibraryNotFoundException()
    {
    }

    public EngineLibraryNotFoundException(string message)
        : base(message)
    {
    }

    public EngineLibraryNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal EngineLibraryNotFoundException(string file, IReadOnlyCollection<string> tried, string package)
        : base($"The native library {file} was not found. Looked at: {string.Join("; ", tried)}. " +
               $"It comes with the npm package {package} (npm ci --ignore-scripts), or name its folder in {EngineLibraries.EnvironmentVariable}.") =>
        File = file;

    /// <summary>File name of the library, without a folder.</summary>
    public string File { get; } = "";
}
