using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Engines.Sandbox;
using MlOpsPortal.Platform.Jobs;

return JobHost.IsChild(args)
    ? await JobHost.RunAsync(args, DatasetVerbs.All, limits => new ProcessLimits
    {
        DataBytes = limits.Data, CpuSeconds = (int)limits.CpuTime.TotalSeconds, FileBytes = limits.FileSize, OpenFiles = limits.OpenFiles,
    }.Apply())
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
