using System.Net.Http.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Cli;

/// <summary>What somebody reads who gave the tool something wrong: one sentence that says what, and 1.</summary>
public sealed class ErrorTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_token_that_is_wrong_or_withdrawn()
    {
        var (tenant, project) = await ArrangeAsync();
        var member = tenant[Role.DataScientist];
        using var issued = await member.Client.PostAsJsonAsync("/api/v1/tokens", new { name = "import", expiresAt = DateTimeOffset.UtcNow.AddDays(2) });
        var token = await issued.RequiredAsync();
        var secret = token.GetProperty("token").GetString();
        using var withdrawn = await member.Client.DeleteAsync($"/api/v1/tokens/{token.GetProperty("id").GetString()}");
        await withdrawn.RequiredAsync();

        foreach (var given in (string?[])["nonsense", secret])
            (await SentenceAsync(Export(project.Name, Unused()), given)).ShouldBe(
                $"The portal at {Url} does not accept these credentials: they are missing, wrong, expired or withdrawn; set MLOPS_TOKEN to one of your tokens of this portal.");
    }

    [Fact]
    public async Task A_project_that_does_not_exist_or_is_not_yours()
    {
        var (tenant, _) = await ArrangeAsync();

        (await SentenceAsync(Export("Nowhere", Unused()), tenant[Role.DataScientist].Token)).ShouldBe("You are a member of no project 'Nowhere'; yours are 'Churn'.");
        (await SentenceAsync(Export("Churn", Unused()), tenant.Outsider.Token)).ShouldBe($"You are a member of no project of {Url}; ask to be made a member of 'Churn'.");
    }

    [Theory]
    [InlineData(404, "<html>Not found</html>", "is not an MLflow server: it answers 404 Not Found where MLflow lists its experiments.")]
    [InlineData(200, "<html>Welcome</html>", "does not answer as MLflow does; is it the right address?")]
    [InlineData(401, "", "does not accept these credentials: they are missing, wrong, expired or withdrawn; set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.")]
    [InlineData(403, """{"error_code": "PERMISSION_DENIED", "message": "Permission denied"}""", "does not let us read experiments: Permission denied")]
    public async Task A_source_that_is_no_MLflow_server_or_does_not_let_us_in(int status, string body, string sentence)
    {
        var (tenant, project) = await ArrangeAsync();
        await using var other = await TestServer.StartAsync(_ => (status, body));

        (await SentenceAsync(Import(other.Address.Text, project.Name), tenant[Role.DataScientist].Token)).ShouldBe($"The MLflow server at {other.Address} {sentence}");
    }

    [Theory]
    [InlineData(404, """{"error_code": "ENDPOINT_NOT_FOUND", "message": "..."}""", "does not list projects as a portal does; is MLOPS_URL right?")]
    [InlineData(200, "<html>Welcome</html>", "does not answer as MLflow does; is it the right address?")]
    [InlineData(403, """{"type": "about:blank", "detail": "The tenant is suspended."}""", "refuses: The tenant is suspended. (403)")]
    public async Task A_portal_that_is_none_or_does_not_let_us_in(int status, string body, string sentence)
    {
        await using var other = await TestServer.StartAsync(_ => (status, body));

        (await SentenceAsync(Export("Churn", Unused()), "token", other.Address.Text)).ShouldBe($"The portal at {other.Address} {sentence}");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://mlflow.example.com")]
    [InlineData("/etc/passwd")]
    public async Task An_address_that_is_none(string address) => (await SentenceAsync(Import(address, "Churn"), "token")).ShouldBe($"The MLflow server's address is an address such as https://mlflow.example.com, not '{address}'.");

    [Fact]
    public async Task A_folder_that_cannot_be_written_or_holds_something_else()
    {
        var (tenant, project) = await ArrangeAsync();
        var token = tenant[Role.DataScientist].Token;
        var folder = Directory.CreateTempSubdirectory("mlops-errors-").FullName;
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, "");

        (await SentenceAsync(Export(project.Name, folder), token)).ShouldBe($"{folder} is not empty and is no export; name a new folder.");
        (await SentenceAsync(Export(project.Name, file), token)).ShouldStartWith("A file cannot be written or read: ");
        (await SentenceAsync(Export(project.Name, Path.Combine(file, "below")), token)).ShouldStartWith("A file cannot be written or read: ");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_said_before_anything_is_done()
    {
        await using var other = await TestServer.StartAsync(_ => (200, "{}"));

        (await SentenceAsync([.. Export("Churn", Unused()), "--report", "/dev/null/report.json"], "token", other.Address.Text)).ShouldStartWith("The report cannot be written to /dev/null/report.json: ");

        other.Asked.ShouldBeEmpty();
    }

    private string Url => portal.Url.ToString().TrimEnd('/');

    private static string[] Import(string address, string project) => ["import", "mlflow", address, "--project", project];

    private static string[] Export(string project, string folder) => ["export", "mlflow", "--project", project, "--to", folder];

    private static string Unused() => Path.Combine(Path.GetTempPath(), "mlops-errors-" + Guid.NewGuid().ToString("n"));

    private async Task<(TestTenant Tenant, TestProject Project)> ArrangeAsync()
    {
        var tenant = await portal.TenantAsync("errors");
        return (tenant, await tenant.ProjectAsync("Churn"));
    }

    private async Task<string> SentenceAsync(string[] arguments, string? token, string? url = null)
    {
        var run = await MlopsRun.ToEndAsync(arguments, ("MLOPS_URL", url ?? Url), ("MLOPS_TOKEN", token), ("MLFLOW_TRACKING_TOKEN", null), ("MLFLOW_TRACKING_USERNAME", null));
        run.Code.ShouldBe(ExitCode.Failed, run.Output + run.Errors);
        return run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains(" looking at ", StringComparison.Ordinal)).ShouldHaveSingleItem(); // the rest is progress
    }
}
