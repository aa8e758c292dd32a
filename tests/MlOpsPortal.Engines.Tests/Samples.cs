namespace MlOpsPortal.Engines.Tests;

/// <summary>The repository's sample data, found above the test's own folder.</summary>
internal static class Samples
{
    internal static string Root { get; } = Path.Combine(RepositoryRoot(), "samples");

    internal static string File(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "MlOpsPortal.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests holds MlOpsPortal.sln.");
    }
}
