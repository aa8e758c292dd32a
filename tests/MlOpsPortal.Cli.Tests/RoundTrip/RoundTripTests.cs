using System.Text.Json;
using MlOpsPortal.MlflowContract.Environments;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>What MLflow's own client sees after a server was imported, and after the project was exported again.</summary>
public sealed class RoundTripTests(ImportedServer import) : IClassFixture<ImportedServer>
{
    /// <summary>Protected by the portal: they wait for an approval.</summary>
    private static readonly string[] Refused = ["--refused", "churn@champion", "churn 1", "churn 5", "churn 6"];

    [Fact]
    public async Task MLflows_client_sees_in_the_portal_what_the_server_had_although_the_import_was_killed_twice()
    {
        import.Imported.Code.ShouldBe(ExitCode.DoneWithNotes, import.Imported.Output + import.Imported.Errors);
        Count("runs", "read").ShouldBe(ImportedServer.Runs);
        Count("runs", "skipped").ShouldBe(0, import.Imported.Output);
        import.Report.GetProperty("notes").EnumerateArray().Where(note => note.GetProperty("attention").GetBoolean()).Select(note => note.GetProperty("reason").GetString())
            .ShouldAllBe(reason => reason != null && reason.StartsWith("waits for an approval", StringComparison.Ordinal));

        await ImportedServer.TimedAsync("comparing", () => import.ScriptAsync("compare.py", [import.Source.ToString(), import.Portal.ToString(), "--histories", "200", "--files", "200", .. Refused]));
    }

    [Fact]
    public async Task A_second_import_adds_nothing()
    {
        var report = Path.GetTempFileName();

        var again = await ImportedServer.TimedAsync("the second import", () => MlopsRun.ToEndAsync(import.ImportArguments("--report", report), import.Settings));

        again.Code.ShouldBe(ExitCode.DoneWithNotes, again.Output + again.Errors);
        JsonElement.Parse(await File.ReadAllTextAsync(report)).GetProperty("counts").EnumerateArray().ShouldAllBe(count => count.GetProperty("written").GetInt64() == 0, again.Output);
        File.Delete(report);
    }

    [Fact]
    public async Task An_export_loaded_into_a_plain_server_is_what_the_portal_has()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-export-").FullName;
        await using var plain = await MlflowServer.StartAsync(import.Python, CancellationToken.None);

        var export = await ImportedServer.TimedAsync("the export", () => MlopsRun.ToEndAsync(["export", "mlflow", "--project", import.Project.Id, "--to", folder], import.Settings));
        export.Code.ShouldBe(ExitCode.Done, export.Output + export.Errors);
        await ImportedServer.TimedAsync("loading the export", () => import.ScriptAsync("load_export.py", folder, plain.Url.ToString()));
        await import.ScriptAsync("load_export.py", folder, plain.Url.ToString());

        await import.ScriptAsync("compare.py", import.Portal.ToString(), plain.Url.ToString(), "--histories", "60", "--files", "60");
        Directory.Delete(folder, recursive: true);
    }

    private long Count(string kind, string outcome) =>
        import.Report.GetProperty("counts").EnumerateArray().Single(count => count.GetProperty("kind").GetString() == kind).GetProperty(outcome).GetInt64();
}
