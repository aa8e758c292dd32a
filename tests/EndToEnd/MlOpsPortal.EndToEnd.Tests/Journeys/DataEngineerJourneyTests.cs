using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Who brings the data: from a file to a version that keeps what was expected of it, and back when a later stage asks for more.</summary>
[Collection<JourneyCollection>]
public sealed class DataEngineerJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const string Refusal = "Your roles do not allow this. It needs one of:";
    private static readonly string Samples = Path.Combine(Repository.Samples, "breast_cancer");

    [Fact]
    public async Task From_a_file_to_a_version_that_is_checked_and_a_task_that_is_done()
    {
        var tenant = await portal.TenantAsync("Pipes");
        var project = await tenant.ProjectAsync("Second reading");
        var member = tenant[Role.DataEngineer];
        var engineer = await Person.SignInAsync(chromium, portal.Portal, tenant, member);
        var dataset = await BringAsync(engineer, project);
        await ExpectAsync(engineer, dataset);
        await BringNextAsync(engineer, dataset);
        await ReadAsync(member, dataset);
        await DoTaskAsync(tenant, project, engineer);
        await NotHersAsync(engineer, project);

        engineer.Findings.ShouldBeEmpty();
    }

    private static async Task<string> BringAsync(Person engineer, TestProject project)
    {
        await engineer.OpenAsync($"/projects/{project.Id}/datasets");
        await engineer.FollowAsync("New dataset");
        await engineer.ArriveAsync("/datasets/new$");
        await engineer.UploadAsync("CSV or Parquet", Path.Combine(Samples, "train.csv"));
        await engineer.FillAsync(("What a row is, and where it comes from", "One sample of the clinic."));
        await engineer.ClickAsync("Save dataset");

        // What is missing is said at its field.
        await engineer.Page.Locator("[aria-invalid=true]").WaitForAsync();
        await engineer.LookAsync("upload-refused");
        await engineer.FillAsync(("Name", "Samples"));
        await engineer.ChooseAsync("Role", "training");
        await engineer.ChooseAsync("Column to be predicted", "target");
        await engineer.ClickAsync("Save dataset");
        await engineer.SeeAsync("Exact duplicates");
        return Regex.Match(engineer.Page.Url, "/projects/.*/datasets/[0-9a-f]{32}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
    }

    /// <summary>What every version shall hold: one that this one meets, and one that it does not.</summary>
    private static async Task ExpectAsync(Person engineer, string dataset)
    {
        await engineer.OpenAsync($"{dataset}/versions/1?view=quality");
        await engineer.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await engineer.ClickAsync("Cancel");
        await AddAsync("has a value", "target");
        await engineer.Page.GetByRole(AriaRole.Row, new() { Name = "target" }).First.WaitForAsync();
        await AddAsync("is unique", "target");
        await engineer.ClickAsync("Check again");
        await engineer.SeeAsync("missed");
        await engineer.LookAsync("quality");

        async Task AddAsync(string rule, string column)
        {
            await engineer.ClickAsync("Add");
            await engineer.Page.Locator("dialog[open]").WaitForAsync();
            await engineer.ChooseAsync("Rule", rule);
            await engineer.ChooseAsync("Column", column);
            await engineer.ClickAsync("Add");
            await engineer.Page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }
    }

    private static async Task BringNextAsync(Person engineer, string dataset)
    {
        await engineer.OpenAsync(dataset);
        await engineer.FollowAsync("New version");
        await engineer.ArriveAsync("/new$");
        await engineer.UploadAsync("CSV or Parquet", Path.Combine(Samples, "test.csv"));
        await engineer.ChooseAsync("Role", "test");
        await engineer.ChooseAsync("Column to be predicted", "target");
        await engineer.ClickAsync("Save version");
        await engineer.ArriveAsync("/versions/2$");
        await engineer.SeeAsync("Rows also in training");
        await engineer.OpenAsync($"{dataset}/versions/2?view=quality");
        await engineer.SeeAsync("missed");
    }

    /// <summary>The version as a notebook reads it, with her token.</summary>
    private static async Task ReadAsync(TestMember member, string dataset)
    {
        using var parquet = await member.Client.GetAsync($"/api/v1/datasets/{dataset[^32..]}/versions/2/data.parquet", TestContext.Current.CancellationToken);
        parquet.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await parquet.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).AsSpan(0, 4).SequenceEqual("PAR1"u8).ShouldBeTrue();
    }

    /// <summary>Development asks for more data: it waits for her in My work, she takes it and says what she did.</summary>
    private static async Task DoTaskAsync(TestTenant tenant, TestProject project, Person engineer)
    {
        await tenant[Role.DataScientist].PostAsync($"/api/v1/projects/{project.Id}/stages/ModelDevelopment/send-back", new { to = "dataAcquisition", reason = "Older samples are missing." });
        await engineer.OpenAsync("");
        await engineer.SeeAsync("Older samples are missing.");
        await engineer.OpenAsync($"/projects/{project.Id}");
        await engineer.ClickAsync("Take: Older samples are missing.");
        await engineer.SeeAsync($"{tenant[Role.DataEngineer].Name} does it");
        await engineer.ClickAsync("Done: Older samples are missing.");
        await engineer.FillAsync(("What was done", "Version 2 has them."));
        await engineer.ClickAsync("Done");
        await engineer.SeeAsync("Version 2 has them.");
        await engineer.LookAsync("task-done");
    }

    private static async Task NotHersAsync(Person engineer, TestProject project)
    {
        await engineer.OpenAsync($"/projects/{project.Id}/models");
        await engineer.ClickAsync("New model");
        await engineer.FillAsync(("Name", "mine"));
        await engineer.ClickAsync("Open model");
        await engineer.SeeAsync(Refusal);
        await engineer.OpenAsync($"/projects/{project.Id}/business");
        await engineer.ClickAsync("Edit The problem");
        await engineer.FillAsync(("The problem", "It hurts"), ("What solving it is worth", "Less pain"));
        await engineer.ClickAsync("Save");
        await engineer.SeeAsync(Refusal);
        foreach (var page in new[] { "/audit", "/service-accounts" })
        {
            await engineer.OpenAsync(page);
            await engineer.SeeAsync(Refusal);
        }
    }
}
