using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Tests.Jobs;

return JobHost.IsChild(args)
    ? await JobHost.RunAsync(args, TestVerbs.All, _ => { })
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
