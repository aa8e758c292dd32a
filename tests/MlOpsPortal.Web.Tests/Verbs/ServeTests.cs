using System.Diagnostics;

namespace MlOpsPortal.Web.Tests.Verbs;

public sealed class ServeTests
{
    [Fact]
    public async Task Without_configured_credentials_the_portal_refuses_to_start_and_names_each()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "MlOpsPortal.Web.dll"), "serve", "--urls", "http://127.0.0.1:0" },
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        using var portal = Process.Start(start).ShouldNotBeNull();
        var said = portal.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var quiet = portal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await portal.WaitForExitAsync(TestContext.Current.CancellationToken);

        portal.ExitCode.ShouldBe(2);
        (await said).ShouldContain("ConnectionStrings:Portal is not set");
        (await said).ShouldContain("ConnectionStrings:System is not set");
        (await said).ShouldContain("Blobs:ConnectionString is not set");
        (await quiet).ShouldNotContain("Now listening");
    }
}
