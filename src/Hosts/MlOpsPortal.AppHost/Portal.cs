using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost;

/// <summary>The portal's program and the configuration it gets.</summary>
internal sealed class Portal(LaunchOptions options, DataFolder data, DatabaseConnections database, string blobs, string container)
{
    private const string Identity = "portal";
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>The portal's build output stands beside ours, in the same configuration.</summary>
    public static string BuiltBeside(string ownFolder) =>
        Path.Combine(ownFolder.Replace("MlOpsPortal.AppHost", "MlOpsPortal.Web", StringComparison.Ordinal), "MlOpsPortal.Web.dll");

    public static Task StopLeftoverAsync(DataFolder data) => ChildProcess.StopLeftoverAsync(data.IdentityFile(Identity), Signal.Terminate, StopPatience);

    public static Task StopAsync(ChildProcess serving) => serving.StopAsync(Signal.Terminate, StopPatience);

    public Task MigrateAsync(CancellationToken cancellation) =>
        ChildProcess.RunAsync(Command("migrate", [], new(StringComparer.Ordinal) { ["ConnectionStrings__Owner"] = database.Owner }), cancellation);

    public Task SeedDemoAsync(string samples, string output, CancellationToken cancellation) =>
        ChildProcess.RunAsync(Command("demo", ["--samples", samples, "--output", output], []), cancellation);

    /// <summary>Makes the first tenant and its administrator with a random password while there is nobody.</summary>
    /// <returns>What to tell, once; empty when there is an account already.</returns>
    public async Task<string> BootstrapAsync(CancellationToken cancellation)
    {
        const string Email = "admin@company.example";
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var command = Command(
            "bootstrap", ["--tenant", "Company", "--slug", "company", "--email", Email, "--name", "Administrator", "--if-needed", "true"],
            new(StringComparer.Ordinal) { ["Bootstrap__Password"] = password });
        File.Delete(command.LogFile);
        await ChildProcess.RunAsync(command, cancellation);
        var said = await File.ReadAllTextAsync(command.LogFile, cancellation);
        return said.Contains(Email, StringComparison.Ordinal) ? $"first administrator, shown once: {Email}  {password}" : "";
    }

    public async Task<ChildProcess> ServeAsync(Action<ChildProcess> started, CancellationToken cancellation)
    {
        var serving = ChildProcess.Start(Command("serve", ["--urls", options.Url], []));
        started(serving);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await Readiness.WaitAsync(serving, () => IsReadyAsync(client, cancellation), StartPatience, cancellation);
        return serving;
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(options.Url + "/health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private ChildCommand Command(string verb, IEnumerable<string> arguments, Dictionary<string, string?> environment)
    {
        environment.TryAdd("ConnectionStrings__Owner", null);
        environment["ConnectionStrings__Portal"] = database.App;
        environment["ConnectionStrings__System"] = database.System;
        environment["Blobs__ConnectionString"] = blobs;
        environment["Blobs__Container"] = container;
        environment["KeyRing__Secret"] = data.Secrets.KeyRing;
        environment["Portal__PublicUrl"] = options.Url;
        environment["Portal__DataFolder"] = data.Sub("portal");
        if (Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is null) environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return new ChildCommand
        {
            Name = $"The portal ({verb})",
            Command = [.. Program(), verb, .. arguments],
            Environment = environment,
            // The same for every verb, of which one runs at a time: whichever outlives us is found again.
            IdentityFile = data.IdentityFile(Identity),
            WorkingDirectory = Path.GetDirectoryName(options.PortalFile) ?? "/",
            LogFile = data.LogFile("portal-" + verb),
        };
    }

    private string[] Program() => Path.GetExtension(options.PortalFile) == ".dll" ? [DotnetHost(), options.PortalFile] : [options.PortalFile];

    /// <summary>The `dotnet` that runs us, whether or not it is on the PATH: three folders above the shared framework.</summary>
    private static string DotnetHost()
    {
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
