using MlOpsPortal.MlflowContract.Environments;

namespace MlOpsPortal.Cli.RoundTrip;

/// <summary>What MLflow's own client sees after a server was imported, and after the project was exported again.</summary>
public sealed class RoundTripTests(ImportedServer import) : IClassFixture<ImportedServer>
{
    /// <summary>Protected by the portal: they wait for an approval.</summary>
    private static readonly string[] Refused = ["churn@champion", "churn 1", "churn 5", "churn 6"];

    [Fact]
    public async Task MLflows_client_sees_in_the_portal_what_the_server_had_although_the_import_was_killed_again_and_again()
    {
        import.Imported.Code.ShouldBe(ExitCode.DoneWithNotes, import.Imported.Output + import.Imported.Errors);

        await ImportedServer.TimedAsync("comparing", () => import.ScriptAsync("compare.py", [import.Source, import.Portal, "--histories", "200", "--files", "200", "--refused", .. Refused]));
    }

    [Fact]
    public void The_report_says_what_was_read_written_and_skipped_and_why()
    {
        import.Report.Counts.ShouldAllBe(count => count.Read == count.Written + count.Present + count.Skipped);
        import.Report.Of("runs").Read.ShouldBe(ImportedServer.Runs);
        import.Report.Of("runs").Present.ShouldBe(ImportedServer.Runs, "they were complete before the tool was killed for the last time");
        import.Report.Of("registeredModels").Read.ShouldBe(12);
        import.Report.Of("aliases").Written.ShouldBeGreaterThan(0, "the tool was killed when it had set the first");

        import.Report.Counts.ShouldAllBe(count => count.Skipped == import.Report.Notes.Count(note => note.Attention && note.Kind == count.Kind));
        import.Report.Counts.Where(count => count.Skipped > 0).Select(count => (count.Kind, count.Skipped)).ShouldBe([("aliases", 1), ("stages", 3)]);
        import.Report.Reasons.ShouldAllBe(reason => reason.StartsWith("waits for an approval", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_import_adds_nothing_and_asks_nobody_twice()
    {
        var asked = await import.MoveRequestsAsync();
        asked.Select(request => request.GetProperty("title").GetString()).ShouldBe(
            ["champion of churn to version 5", "churn version 1 to Archived", "churn version 5 to Production", "churn version 6 to Staging"], ignoreOrder: true);

        var (end, report) = await ImportedServer.TimedAsync("the second import", () => import.ImportAsync());

        end.Code.ShouldBe(ExitCode.DoneWithNotes, end.Output + end.Errors);
        report.Counts.ShouldAllBe(count => count.Written == 0, end.Output);
        report.Of("runs").Present.ShouldBe(ImportedServer.Runs);
        report.Of("modelVersions").Present.ShouldBe(import.Report.Of("modelVersions").Read);
        (await import.MoveRequestsAsync()).Count.ShouldBe(asked.Count);
    }

    [Fact]
    public async Task What_somebody_rejected_is_not_asked_for_again()
    {
        var asked = await import.MoveRequestsAsync();
        await import.RejectAsync(asked.Single(request => request.GetProperty("title").GetString() == "churn version 6 to Staging"), "Not this one.");

        var (end, report) = await import.ImportAsync();

        end.Code.ShouldBe(ExitCode.DoneWithNotes, end.Output + end.Errors);
        report.Reasons.ShouldContain(reason => reason.StartsWith("was rejected in the portal by", StringComparison.Ordinal) && reason.Contains("\"Not this one.\"", StringComparison.Ordinal));
        (await import.MoveRequestsAsync()).Count.ShouldBe(asked.Count);
    }

    [Fact]
    public async Task An_export_of_another_project_has_nothing_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-export-").FullName;
        var other = await import.Tenant.ProjectAsync("Fraud");

        var export = await MlopsRun.ToEndAsync(["export", "mlflow", "--project", other.Name, "--to", folder], import.Settings());

        export.Code.ShouldBe(ExitCode.Done, export.Output + export.Errors);
        foreach (var file in (string[])["experiments.jsonl", "runs.jsonl", "logged_models.jsonl", "registered_models.jsonl", "model_versions.jsonl"])
            (await File.ReadAllTextAsync(Path.Combine(folder, file))).ShouldBe("", file);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_export_loaded_into_a_plain_server_by_a_script_that_is_killed_on_the_way_is_what_the_portal_has()
    {
        var folder = Directory.CreateTempSubdirectory("mlops-export-").FullName;
        await using var plain = await MlflowServer.StartAsync(import.Python, CancellationToken.None);
        await using var gateway = await Gateway.StartAsync(plain.Url);
        var url = plain.Url.ToString();

        var export = await ImportedServer.TimedAsync("the export", () => MlopsRun.ToEndAsync(["export", "mlflow", "--project", import.Project.Id, "--to", folder], import.Settings()));
        export.Code.ShouldBe(ExitCode.Done, export.Output + export.Errors);
        await gateway.KillAfterAsync(ImportedServer.Runs / 2, "POST", "/runs/log-batch", () => import.StartScript("load_export", folder, gateway.Url));
        await gateway.KillAfterAsync(7, "POST", "/model-versions/create", () => import.StartScript("load_export", folder, gateway.Url));
        await ImportedServer.TimedAsync("the rest of the loading", () => import.ScriptAsync("load_export", folder, url));
        var again = await ImportedServer.TimedAsync("loading it again", () => import.ScriptAsync("load_export", folder, url));
        again.ShouldNotMatch(@"[1-9][\d,]* written", "nothing was left to load");

        await ImportedServer.TimedAsync("comparing", () => import.ScriptAsync("compare.py", import.Portal, url, "--histories", "60", "--files", "60"));
        Directory.Delete(folder, recursive: true);
    }
}
