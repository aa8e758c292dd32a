using System.CommandLine;
using MlOpsPortal.Cli.Importing;

namespace MlOpsPortal.Cli;

/// <summary>Commands, options, signals and exit codes.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("Works with an MlOpsPortal over its REST API. MLOPS_URL is the portal's address, MLOPS_TOKEN one of your tokens.")
        {
            new Command("import", "Brings what another system has into a project.") { ImportCommand() },
            new Command("export", "Writes what a project has into a folder.") { ExportCommand() },
        };
        var parsed = root.Parse(arguments);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    private static Command ImportCommand()
    {
        var url = new Argument<string>("url") { Description = "The MLflow server's address. Its credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD." };
        var project = new Option<string>("--project") { Description = "Name or id of the portal's project that the experiments go to.", Required = true };
        var conflict = new Option<NameConflict>("--on-conflict") { Description = "What becomes of an experiment or registered model whose name is taken.", DefaultValueFactory = _ => NameConflict.Skip };
        var recheck = new Option<bool>("--recheck") { Description = "Compare everything again, also what an earlier import marked as complete." };
        var move = new Option<bool>("--move-aliases") { Description = "Aliases and stages that were moved in the portal follow the source again." };
        var common = new CommonOptions();
        var command = new Command("mlflow", "Imports a running MLflow server; run again, it adds what is new and continues where it was stopped.") { url, project, conflict, recheck, move };
        common.AddTo(command);
        command.SetAction((parsed, _) => Commands.RunAsync(common.Of(parsed), (journey, report, progress, stop) => Commands.ImportAsync(
            parsed.GetRequiredValue(url),
            parsed.GetRequiredValue(project),
            new ImportOptions(parsed.GetValue(conflict), parsed.GetValue(recheck), parsed.GetValue(move), parsed.GetValue(common.Parallel)),
            journey, report, progress, stop)));
        return command;
    }

    private static Command ExportCommand()
    {
        var project = new Option<string>("--project") { Description = "Name or id of the portal's project.", Required = true };
        var to = new Option<string>("--to") { Description = "A new folder, or one of an earlier export of the same project, which is continued.", Required = true };
        var recheck = new Option<bool>("--recheck") { Description = "Ask for everything again, also what is in the folder already." };
        var common = new CommonOptions();
        var command = new Command("mlflow", "Exports experiments, runs and models in a form that scripts/load_export, beside this tool, loads into a plain MLflow server.") { project, to, recheck };
        common.AddTo(command);
        command.SetAction((parsed, _) => Commands.RunAsync(common.Of(parsed), (journey, report, progress, stop) => Commands.ExportAsync(
            parsed.GetRequiredValue(project), parsed.GetRequiredValue(to), parsed.GetValue(recheck), parsed.GetValue(common.Parallel), journey, report, progress, stop)));
        return command;
    }
}
