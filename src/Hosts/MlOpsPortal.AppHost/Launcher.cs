using System.Runtime.InteropServices;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost;

/// <summary>The whole run, top to bottom: check, start, migrate, seed, serve, wait, stop in reverse order.</summary>
internal sealed class Launcher(LaunchOptions options, OwnServices own, Steps steps)
{
    private const string DefaultContainer = "mlopsportal";
    private static readonly TimeSpan OtherLauncherPatience = TimeSpan.FromSeconds(10);

    private readonly List<ChildProcess> children = [];
    private readonly Stack<(string Name, Func<Task> Stop)> started = [];

    /// <summary>Returns when asked to stop after it was ready; everything else is an exception, after everything was stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await CheckMachineAsync(stop);
        using var data = await OpenDataAsync(stop);
        try
        {
            if (!FreePort.IsFree(options.Port))
                throw new LaunchException($"Port {options.Port} is in use by another program: stop that, or choose another port with --port.");
            var portal = new Portal(options, data, await DatabaseAsync(data, stop), await BlobsAsync(data, stop), own.Container ?? DefaultContainer);
            await steps.RunAsync("Applying migrations", () => portal.MigrateAsync(stop));
            var welcome = options.Demo ? await SeedAsync(portal, data, stop) : await BootstrapAsync(portal, stop);
            await steps.RunAsync("Starting the portal", () => portal.ServeAsync(serving => Started(serving, () => Portal.StopAsync(serving)), stop));
            steps.Say($"ready: {options.Url}");
            foreach (var line in welcome) steps.Say(line);
            await UntilStoppedAsync(stop);
        }
        finally
        {
            await StopAllAsync();
        }
    }

    private async Task CheckMachineAsync(CancellationToken stop)
    {
        if (PlatformCheck.Refusal(OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture, RuntimeInformation.RuntimeIdentifier) is { } refusal) throw new LaunchException(refusal);
        await NodeRuntime.FindAsync(stop);
        if (!File.Exists(options.PortalFile)) throw new LaunchException($"The portal's program {options.PortalFile} does not exist: build it, or name another with --portal.");
    }

    private async Task<DataFolder> OpenDataAsync(CancellationToken stop)
    {
        if (options.Fresh)
        {
            await steps.RunAsync($"Deleting {options.DataFolder}", async () =>
            {
                using (var old = await DataFolder.OpenAsync(options.DataFolder, OtherLauncherPatience, stop)) await Portal.StopLeftoverAsync(old);
                await DataFolder.DeleteAsync(options.DataFolder, stop);
            });
        }

        var data = await DataFolder.OpenAsync(options.DataFolder, OtherLauncherPatience, stop);
        data.RotateLogs();
        await Portal.StopLeftoverAsync(data); // before its database goes, and before its port is looked at
        return data;
    }

    private async Task<DatabaseConnections> DatabaseAsync(DataFolder data, CancellationToken stop)
    {
        if (own.Postgres is { } theirs)
        {
            await steps.RunAsync("Asking your PostgreSQL", () => OwnServices.CheckAsync(theirs, stop));
            return theirs;
        }

        var ours = await steps.RunAsync("Starting PostgreSQL", () => EmbeddedPostgres.StartAsync(data, Repository.NodeModules, disposable: false, steps.Say, stop));
        Started(ours.Process, ours.StopAsync);
        return ours.Endpoint.Connections(EmbeddedPostgres.DatabaseName);
    }

    private async Task<string> BlobsAsync(DataFolder data, CancellationToken stop)
    {
        if (own.Blobs is { } theirs) return theirs;
        var ours = await steps.RunAsync("Starting Azurite (blob storage)", () => Azurite.StartAsync(data, Repository.NodeModules, stop));
        Started(ours.Process, ours.StopAsync);
        return ours.ConnectionString;
    }

    private async Task<string[]> SeedAsync(Portal portal, DataFolder data, CancellationToken stop)
    {
        var output = Path.Combine(data.Path, "demo.json");
        await steps.RunAsync("Seeding the demo tenant", () => portal.SeedDemoAsync(Repository.Samples, output, stop));
        var demo = DemoAccounts.Read(output);
        return [$"demo accounts of tenant {demo.Tenant} (also in {output}):", .. demo.Lines()];
    }

    private async Task<string[]> BootstrapAsync(Portal portal, CancellationToken stop)
    {
        var said = await steps.RunAsync("Looking for accounts", () => portal.BootstrapAsync(stop));
        return said.Length == 0 ? [] : said.Split('\n');
    }

    private void Started(ChildProcess child, Func<Task> stop)
    {
        children.Add(child);
        started.Push((child.Name, stop));
    }

    /// <summary>Waits for a signal, or for the first child that ends although nobody asked it to.</summary>
    private async Task UntilStoppedAsync(CancellationToken stop)
    {
        var asked = Task.Delay(Timeout.Infinite, stop);
        var first = await Task.WhenAny([.. children.Select(child => child.Exited), asked]);
        if (first == asked) return;
        var dead = children.First(child => child.Exited == first);
        throw dead.Died(await dead.Exited);
    }

    private async Task StopAllAsync()
    {
        while (started.TryPop(out var child)) await steps.RunAsync($"Stopping {child.Name}", child.Stop);
    }
}
