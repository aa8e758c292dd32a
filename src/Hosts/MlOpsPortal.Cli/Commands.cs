using System.Runtime.InteropServices;
using MlOpsPortal.Cli.Connections;
using MlOpsPortal.Cli.Exporting;
using MlOpsPortal.Cli.Importing;
using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Portal;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli;

/// <summary>What was copied from where to where; known once both ends have answered.</summary>
internal sealed class Journey
{
    public string Command { get; set; } = "";

    public string From { get; set; } = "";

    public string To { get; set; } = "";
}

/// <summary>Runs a command to its end, whichever that is, and reports.</summary>
internal static class Commands
{
    private const string PortalSettings = "set MLOPS_TOKEN to one of your tokens of this portal";
    private const string MlflowSettings = "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD";

    public static async Task<int> RunAsync(CommonOptions.Given given, Func<Journey, Report, Progress, CancellationToken, Task> work)
    {
        if (Unwritable(given.ReportFile) is { } problem) // said now, not after hours
        {
            await Console.Error.WriteLineAsync(problem);
            return ExitCode.Failed;
        }

        using var stop = new CancellationTokenSource();
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, received =>
        {
            received.Cancel = true;
            stop.Cancel();
        })).ToArray();
        var (report, journey, time) = (new Report(), new Journey(), TimeProvider.System);
        var (started, since) = (time.GetUtcNow(), time.GetTimestamp());
        var (ending, code, failure) = (Ending.Complete, ExitCode.Done, (string?)null);
        try
        {
            await using var progress = new Progress(report, Console.Error, !Console.IsErrorRedirected, time);
            await work(journey, report, progress, stop.Token);
            if (report.NeedsAttention) (ending, code) = (Ending.CompleteWithNotes, ExitCode.DoneWithNotes);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            (ending, code) = (Ending.Interrupted, ExitCode.Interrupted);
        }
        catch (CliFailure sentence)
        {
            (ending, code, failure) = (Ending.Failed, ExitCode.Failed, sentence.Message);
        }
        catch (MlflowRefusal refusal)
        {
            (ending, code, failure) = (Ending.Failed, ExitCode.Failed, refusal.Sentence);
        }
        catch (BrokenDownload broken)
        {
            (ending, code, failure) = (Ending.Failed, ExitCode.Failed, broken.Sentence);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            (ending, code, failure) = (Ending.Failed, ExitCode.Failed, $"A file cannot be written or read: {disk.Message}");
        }
        finally
        {
            foreach (var signal in signals) signal.Dispose();
        }

        var summary = new Summary(journey.Command, journey.From, journey.To, started, time.GetElapsedTime(since), ending, failure);
        if (journey.Command.Length > 0) Console.Out.Write(ReportText.Text(report, summary));
        if (failure is not null) await Console.Error.WriteLineAsync(failure);
        return await SaveAsync(given.ReportFile, report, summary) ? code : ExitCode.Failed;
    }

    public static async Task ImportAsync(string url, string project, ImportOptions options, Journey journey, Report report, Progress progress, CancellationToken stop)
    {
        var (time, parallel) = (TimeProvider.System, options.Parallel);
        var portal = Credentials.Portal(Environment.GetEnvironmentVariable);
        var token = Credentials.PortalToken(Environment.GetEnvironmentVariable);
        using var source = new MlflowConnection("The MLflow server", MlflowSettings, Address.Parse(url, "The MLflow server's address"), Credentials.Mlflow(Environment.GetEnvironmentVariable), parallel, time);
        using var target = new MlflowConnection("The portal", PortalSettings, portal, token, parallel, time);
        using var rest = new MlflowConnection("The portal", PortalSettings, portal.WithoutTenant, token, parallel, time);
        progress.Step("looking at both ends");
        var place = await Projects.FindAsync(rest, project, stop);
        var (from, to) = (new MlflowServer(source), new MlflowServer(target));
        await from.GreetAsync(stop);
        await to.GreetAsync(stop);
        (journey.Command, journey.From, journey.To) = ("import mlflow", from.Address.Text, $"{to.Address} project {place.Name}");
        var context = new ImportContext(from, to, place.Id, options, report, new Creation(parallel, time)) { Requests = new MoveRequests(rest) };
        await new ImportMlflow(context, progress).RunAsync(stop);
    }

    public static async Task ExportAsync(string project, string to, bool recheck, int parallel, Journey journey, Report report, Progress progress, CancellationToken stop)
    {
        var portal = Credentials.Portal(Environment.GetEnvironmentVariable);
        var token = Credentials.PortalToken(Environment.GetEnvironmentVariable);
        using var source = new MlflowConnection("The portal", PortalSettings, portal, token, parallel, TimeProvider.System);
        using var rest = new MlflowConnection("The portal", PortalSettings, portal.WithoutTenant, token, parallel, TimeProvider.System);
        progress.Step("looking at the portal");
        var place = await Projects.FindAsync(rest, project, stop);
        var from = new MlflowServer(source);
        await from.GreetAsync(stop);
        var folder = ExportFolder.Open(to, from.Address.Text, place.Id);
        (journey.Command, journey.From, journey.To) = ("export mlflow", $"{from.Address} project {place.Name}", folder.Root);
        await new ExportMlflow(from, folder, new ExportOptions(place.Id, recheck, parallel), report, progress).RunAsync(stop);
    }

    private static string? Unwritable(string? file)
    {
        if (file is null) return null;
        try
        {
            using var probe = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Unwritable(file, failure);
        }
    }

    private static string Unwritable(string file, Exception failure) => $"The report cannot be written to {file}: {failure.Message}";

    private static async Task<bool> SaveAsync(string? file, Report report, Summary summary)
    {
        if (file is null) return true;
        try
        {
            await File.WriteAllTextAsync(file, ReportText.JsonText(report, summary));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(Unwritable(file, failure));
            return false;
        }
    }
}
