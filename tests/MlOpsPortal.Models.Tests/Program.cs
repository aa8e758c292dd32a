using MlOpsPortal.Models;
using MlOpsPortal.Platform.Jobs;

return JobHost.IsChild(args)
    ? await JobHost.RunAsync(args, ModelsModule.Verbs, MlOpsPortal.Models.Tests.TestChild.Confine)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
