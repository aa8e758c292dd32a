using System.Reflection;

namespace MlOpsPortal.MlflowContract.Environments;

/// <summary>Where this project's scripts and calls lie.</summary>
internal static class ProjectFolder
{
    private static readonly string Root = typeof(ProjectFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ProjectFolder").Value!; // set in the project file

    public static string Clients => Path.Combine(Root, "Clients");

    public static string Calls => Path.Combine(Root, "Differential", "Calls");

    public static string Improvements => Path.Combine(Root, "Differential", "improvements.json");
}
