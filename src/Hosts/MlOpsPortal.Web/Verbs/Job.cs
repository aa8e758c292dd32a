using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.Sandbox;
using MlOpsPortal.Models;
using MlOpsPortal.Monitoring;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Web.Verbs;

/// <summary><c>job</c>: a throw-away child of the portal, for work on what users bring. Builds no portal; limits itself before it loads a native library.</summary>
internal static class Job
{
    private static readonly Dictionary<string, IJobVerb> Verbs = new(DatasetVerbs.All.Concat(ModelsModule.Verbs).Concat(KpiVerbs.All).Concat(MonitoringModule.Verbs), StringComparer.Ordinal);

    public static Task<int> RunAsync(string[] args) => JobHost.RunAsync(args, Verbs, Confine);

    /// <summary>What the system does not allow is said on the child's error output, which the portal logs.</summary>
    private static void Confine(ChildLimits limits)
    {
        var report = new ProcessLimits
        {
            DataBytes = limits.Data,
            CpuSeconds = (int)limits.CpuTime.TotalSeconds,
            FileBytes = limits.FileSize,
            OpenFiles = limits.OpenFiles,
        }.Apply();
        foreach (var refused in report.Refused)
            Console.Error.WriteLine($"not limited: {refused.Name}: {refused.Reason}");
    }
}
