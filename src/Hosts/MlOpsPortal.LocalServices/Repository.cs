namespace MlOpsPortal.LocalServices;

/// <summary>The working copy that this build came from: the launcher and the tests run from it, never installed.</summary>
public static class Repository
{
    private const string TopFile = "MlOpsPortal.sln";

    private static readonly Lazy<string> Found = new(Find);

    /// <summary>The top folder, absolute.</summary>
    public static string Root => Found.Value;

    public static string NodeModules => Path.Combine(Root, "node_modules");

    public static string Samples => Path.Combine(Root, "samples");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, TopFile))) return folder.FullName;
        throw new LaunchException($"{AppContext.BaseDirectory} is not inside a working copy of MlOpsPortal ({TopFile} was not found above it).");
    }
}
