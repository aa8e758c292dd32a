using System.CommandLine;
using System.Runtime.InteropServices;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost;

/// <summary>Options, signals and exit codes: 0 stopped as asked, 1 a failure with its sentence, 130 interrupted before it was ready.</summary>
internal static class CommandLine
{
    private const int DefaultPort = 5080;

    public static Task<int> RunAsync(string[] arguments)
    {
        var port = new Option<int>("--port") { Description = "The portal's port on localhost.", DefaultValueFactory = _ => DefaultPort };
        port.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !(ushort.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0))
                given.AddError($"--port takes a number from 1 to 65535, not '{token.Value}'.");
        });
        var data = new Option<string?>("--data") { Description = "The folder that keeps everything (default: .data in the working copy)." };
        var fresh = new Option<bool>("--fresh") { Description = "Delete the data folder first, if the launcher made it." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Do not seed the demo tenant." };
        var portal = new Option<string?>("--portal") { Description = "Another build of the portal to start: a .dll or an executable." };
        var command = new RootCommand("Starts PostgreSQL, Azurite and the portal on this machine.") { port, data, fresh, noDemo, portal };
        command.SetAction((parsed, _) => LaunchAsync(() => new LaunchOptions(
            parsed.GetValue(port),
            Path.GetFullPath(parsed.GetValue(data) ?? Path.Combine(Repository.Root, ".data")),
            parsed.GetValue(fresh),
            Demo: !parsed.GetValue(noDemo),
            parsed.GetValue(portal) is { } file ? Path.GetFullPath(file) : Portal.BuiltBeside(AppContext.BaseDirectory))));

        // We stop our children in order ourselves; the library's own handler would end us after two seconds.
        return command.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> LaunchAsync(Func<LaunchOptions> options)
    {
        using var stop = new CancellationTokenSource();
        var signals = new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, received =>
            {
                received.Cancel = true;
                stop.Cancel();
            })).ToArray();
        using var parent = ParentWatch.Start(stop);
        var steps = new Steps();
        try
        {
            await new Launcher(options(), OwnServices.Read(Environment.GetEnvironmentVariable, OwnServices.SettingsFile()), steps).RunAsync(stop.Token);
            return 0;
        }
        catch (LaunchException failure)
        {
            steps.Failed(failure.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            steps.Say("Stopped before it was ready.");
            return 130;
        }
        finally
        {
            foreach (var signal in signals) signal.Dispose();
        }
    }
}
