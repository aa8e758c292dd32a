using MlOpsPortal.LocalServices;

namespace MlOpsPortal.MlflowContract.Environments;

/// <summary>The folder with MLflow's wheels, if this machine has one.</summary>
internal static class Wheels
{
    public const string Variable = "MLOPSPORTAL_MLFLOW_WHEELS";

    /// <summary>What the variable names; else <c>shared/wheels</c> beside the working copy or further up; else null.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : throw new LaunchException($"{Variable} names {named}, which is not there.");
        for (var folder = new DirectoryInfo(Repository.Root).Parent; folder is not null; folder = folder.Parent)
        {
            var wheels = Path.Combine(folder.FullName, "shared", "wheels");
            if (Directory.Exists(wheels) && Directory.EnumerateFiles(wheels, "mlflow-*.whl").Any())
                return wheels;
        }

        return null;
    }
}
