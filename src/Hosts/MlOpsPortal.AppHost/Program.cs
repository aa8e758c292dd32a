using MlOpsPortal.AppHost;

return await CommandLine.RunAsync(args);
