using MlOpsPortal.Cli;

return await CommandLine.RunAsync(args);
