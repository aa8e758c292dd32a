using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.AppHost.Tests;

/// <summary>What can be wrong before anything starts: one sentence, exit code 1, nothing left behind.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TempFolder temp = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task A_used_port_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, temp.Port);
        other.Start();
        await RefusedAsync([], $"Port {temp.Port} is in use by another program: stop that, or choose another port with --port.");
    }

    [Fact]
    public Task A_missing_node_is_told() => RefusedAsync([], "Node.js was not found on the PATH", ("PATH", temp.Folder));

    [Fact]
    public async Task A_node_that_is_too_old_is_told()
    {
        var old = Path.Combine(temp.Folder, "node");
        await File.WriteAllTextAsync(old, "#!/bin/sh\necho v18.19.0\n", Stop);
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await RefusedAsync([], "answers version 'v18.19.0', which is too old", ("PATH", temp.Folder));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        await File.WriteAllTextAsync(temp.Data, "a file where the folder should be", Stop);
        await RefusedAsync([], $"The folder {temp.Data} cannot be written");
    }

    [Fact]
    public async Task Fresh_does_not_delete_a_folder_that_the_launcher_did_not_make()
    {
        var precious = Path.Combine(Directory.CreateDirectory(temp.Data).FullName, "thesis.txt");
        await File.WriteAllTextAsync(precious, "years of work", Stop);
        await RefusedAsync(["--fresh"], "was not made by this program");
        File.Exists(precious).ShouldBeTrue();
    }

    [Fact]
    public async Task A_portal_that_is_not_built_is_told_before_anything_starts()
    {
        File.Delete(temp.Portal);
        await RefusedAsync([], $"The portal's program {temp.Portal} does not exist");
        Directory.Exists(Path.Combine(temp.Data, "postgres")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("http")]
    public async Task A_port_that_is_none_is_told(string port)
    {
        using var launcher = LauncherRun.Start(temp, ["--port", port]);
        (await launcher.EndAsync(Stop)).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, Architecture.X64, "linux-x64", true)]
    [InlineData(true, Architecture.X64, "debian.12-x64", true)]
    [InlineData(true, Architecture.Arm64, "linux-arm64", false)]
    [InlineData(true, Architecture.X64, "linux-musl-x64", false)]
    [InlineData(true, Architecture.X64, "alpine.3.20-x64", false)]
    [InlineData(false, Architecture.X64, "win-x64", false)]
    [InlineData(false, Architecture.Arm64, "osx-arm64", false)]
    public void Only_Linux_on_x64_with_glibc_is_supported(bool isLinux, Architecture architecture, string runtime, bool supported)
    {
        var refusal = PlatformCheck.Refusal(isLinux, architecture, runtime);
        if (supported) refusal.ShouldBeNull();
        else refusal.ShouldNotBeNull().ShouldContain(runtime);
    }

    [Fact]
    public void Half_a_configuration_of_ones_own_server_is_refused()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["MLOPS_POSTGRES"] = "Host=db", ["MLOPS_POSTGRES_OWNER_PASSWORD"] = "o" };
        Should.Throw<LaunchException>(() => OwnServices.Read(environment.GetValueOrDefault, temp.Record)).Message.ShouldContain("MLOPS_POSTGRES_APP_PASSWORD");
    }

    [Fact]
    public async Task The_environment_goes_before_the_file()
    {
        await File.WriteAllTextAsync(
            temp.Record,
            """{ "Postgres": { "Server": "Host=from-file", "OwnerPassword": "o", "AppPassword": "a", "SystemPassword": "s" }, "Blobs": { "ConnectionString": "b", "Container": "c" } }""",
            Stop);
        var own = OwnServices.Read(name => name == "MLOPS_POSTGRES" ? "Host=from-environment" : null, temp.Record);
        own.Postgres.ShouldNotBeNull().System.ShouldBe("Host=from-environment;Username=mlops_system;Password=s");
        (own.Blobs, own.Container).ShouldBe(("b", "c"));
    }

    [Theory]
    [InlineData(true, "/usr/bin/dotnet", "run", "--project", "src")]
    [InlineData(false, "/usr/bin/dotnet", "MlOpsPortal.AppHost.dll")]
    [InlineData(false, "/bin/bash", "run")]
    [InlineData(false)]
    public void Only_a_dotnet_run_above_us_is_watched(bool watched, params string[] command) => ParentWatch.IsDotnetRun(command).ShouldBe(watched);

    private async Task RefusedAsync(string[] arguments, string sentence, params (string, string)[] environment)
    {
        using var launcher = LauncherRun.Start(temp, arguments, environment);
        var (code, output, errors) = await launcher.EndAsync(Stop);
        code.ShouldBe(1);
        errors.ShouldContain(sentence);
        errors.TrimEnd().Split('\n').Length.ShouldBe(1);
        output.ShouldNotContain("ready:");
    }
}
