using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>The whole way once, as the people of a project go it in their browsers.</summary>
[Collection<JourneyCollection>]
public sealed class BrowserJourneyTests(PortalFixture portal, Chromium chromium)
{
    private static readonly string Samples = Path.Combine(Repository.Samples, "breast_cancer");
    private readonly List<string> findings = [];

    [Fact]
    public async Task From_a_business_problem_to_a_scored_logged_prediction()
    {
        var tenant = await portal.TenantAsync("Clinic");
        var project = await StateTheProblemAsync(tenant);
        await SignOffAsync(tenant, project);
        var scientist = await AsAsync(tenant, Role.DataScientist);
        await BringDataAsync(scientist, project);
        await BringModelsAsync(scientist, project);
        var release = await ProposeAsync(scientist, project);
        await ApproveAsync(tenant, project, release);
        await DeployAndScoreAsync(tenant, project);

        findings.ShouldBeEmpty();
    }

    private async Task<string> StateTheProblemAsync(TestTenant tenant)
    {
        var owner = await AsAsync(tenant, Role.BusinessOwner);
        await owner.OpenAsync("/projects");
        await owner.LookAsync("portfolio-empty");
        await owner.ClickAsync("New project");
        await owner.FillAsync(("Name", "Second reading"), ("What it does, in one sentence", "Tells the pathologist which samples deserve a second look first."));
        await owner.ClickAsync("Start project");
        await owner.ArriveAsync("/business$");
        var project = Regex.Match(owner.Page.Url, "/projects/(?<id>[0-9a-f]{32})/", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["id"].Value;

        await SectionAsync(owner, "Edit The problem", "Planned value", ("The problem", "Malignant samples wait as long as benign ones."), ("What solving it is worth", "Three days less for one patient in three."), ("Planned value a year", "120000"), ("Currency", "EUR"));
        await SectionAsync(owner, "Add objective Objectives and key results", "Sick people are told sooner", ("Objective", "Sick people are told sooner"), ("Key result 1", "Days until the report"), ("Unit", "days"), ("Start", "9"), ("Target", "6"));
        await owner.ClickAsync("Add KPI KPIs");
        await owner.FillAsync(("Name", "Days until the report of a malignant sample"));
        await owner.ClickAsync("Next: How it is computed");
        await owner.FillAsync(("Formula", "Sum of days ÷ malignant samples"), ("Unit", "days"));
        await owner.ClickAsync("Next: What is good");
        await FilledAsync(
            owner, "Days until the report of a malignant sample", ("Baseline", "1"), ("Target", "4"), ("Watch beyond", "3"), ("Alert beyond", "2"), ("Owner", "Head of pathology"));
        await SectionAsync(owner, "Edit Does machine learning suit it?", "Largest radius first", ("Heuristic to beat", "Largest radius first"), ("A false alarm costs", "1"), ("A miss costs", "20"));
        await SectionAsync(owner, "Edit The ML problem", "one sample", ("Target", "target"), ("One prediction is about", "one sample"), ("Decision it drives", "Which sample is read next."));
        await owner.SeeAsync("Everything is there");
        await owner.LookAsync("business-stated");

        // Bringing colleagues in is the administrator's part, over the API.
        foreach (var role in new[] { Role.RiskManager, Role.DataScientist, Role.MlOpsEngineer })
            await tenant.Administrator.PutAsync($"/api/v1/projects/{project}/members/{tenant[role].Id}", new { roles = Array.Empty<string>() });
        await owner.OpenAsync("/projects");
        await owner.LookAsync("portfolio");
        Keep(owner);
        return project;
    }

    private async Task SignOffAsync(TestTenant tenant, string project)
    {
        var owner = await AsAsync(tenant, Role.BusinessOwner);
        await owner.OpenAsync($"/projects/{project}/business");
        await owner.LeaveAloneAsync();
        var manager = await AsAsync(tenant, Role.RiskManager);
        await manager.OpenAsync($"/projects/{project}/business");
        await manager.ClickAsync("Sign off");
        await manager.FillAsync(("What you looked at, and why it holds", "Read with the head of pathology; the costs are theirs."));
        await manager.ClickAsync("Sign off");
        await manager.SeeAsync("Signed off. Everything later");
        await manager.LookAsync("business");
        await owner.SeeUnaskedAsync("Signed off. Everything later");
        Keep(manager);
        Keep(owner);
    }

    private static async Task BringDataAsync(Person scientist, string project)
    {
        await scientist.OpenAsync($"/projects/{project}/datasets");
        await scientist.LookAsync("datasets-empty");
        await scientist.FollowAsync("New dataset");
        await scientist.ArriveAsync("/datasets/new$");
        await scientist.UploadAsync("CSV or Parquet", Path.Combine(Samples, "train.csv"));
        await scientist.FillAsync(("Name", "Samples"));
        await scientist.ChooseAsync("Role", "training");
        await scientist.ChooseAsync("Column to be predicted", "target");
        await scientist.LookAsync("dataset-upload");
        await scientist.ClickAsync("Save dataset");
        await scientist.SeeAsync("Exact duplicates");
        await scientist.LookAsync("dataset");

        await scientist.FollowAsync("New version");
        await scientist.ArriveAsync("/new$");
        await scientist.UploadAsync("CSV or Parquet", Path.Combine(Samples, "test.csv"));
        await scientist.ChooseAsync("Role", "test");
        await scientist.ChooseAsync("Column to be predicted", "target");
        await scientist.ClickAsync("Save version");
        await scientist.ArriveAsync("/versions/2$");
        await scientist.SeeAsync("Rows also in training");
    }

    private static async Task BringModelsAsync(Person scientist, string project)
    {
        await scientist.OpenAsync($"/projects/{project}/models");
        await scientist.ClickAsync("New model");
        await scientist.FillAsync(("Name", "malignancy"));
        await scientist.ClickAsync("Open model");
        await scientist.ArriveAsync("/upload$");
        await BringVersionAsync(scientist, "logistic", 1);
        var model = scientist.Page.Url[..scientist.Page.Url.IndexOf("/evaluations", StringComparison.Ordinal)];
        await scientist.OpenAsync(new Uri(model + "/upload").AbsolutePath, inTenant: false);
        await BringVersionAsync(scientist, "random_forest", 2);

        await scientist.OpenAsync(new Uri(model).AbsolutePath, inTenant: false);
        await scientist.LookAsync("model");
        await scientist.FollowAsync("Compare versions");
        await scientist.Page.GetByText(new Regex("no detectable difference", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))).First.WaitForAsync();
        await scientist.LookAsync("comparison");
        await scientist.OpenAsync(new Uri(model + "/versions/1").AbsolutePath, inTenant: false);
    }

    private static async Task BringVersionAsync(Person scientist, string name, int number)
    {
        await scientist.UploadAsync("ONNX file", Path.Combine(Samples, "models", name + ".onnx"));
        await scientist.UploadAsync("The library's own predictions", Path.Combine(Samples, "predictions", name + ".csv"));
        await scientist.ChooseAsync("Predicted rows", "v2");
        await scientist.ChooseAsync("Trained on", "v1");
        await scientist.FillAsync(("Algorithm", name));
        if (number == 1)
            await scientist.LookAsync("model-upload");
        await scientist.ClickAsync($"Save as v{number}");
        await scientist.FollowAsync("Go to the contract");
        await scientist.FillAsync(("Target column", "target"));
        if (number == 1)
            await scientist.LookAsync("model-contract");
        await scientist.ClickAsync("Confirm contract");
        await scientist.SeeAsync("Confirmed by");
        await scientist.ClickAsync("Evaluate");
        await scientist.Page.Locator("dialog[open]").WaitForAsync(); // the page beneath has a field of that name too
        await scientist.ChooseAsync("Dataset version", "v2");
        await scientist.ClickAsync("Evaluate");
        await scientist.ArriveAsync("/evaluations/");
        await scientist.SeeAsync("ROC");
        if (number == 1)
            await scientist.LookAsync("evaluation");
    }

    private async Task<string> ProposeAsync(Person scientist, string project)
    {
        await scientist.FollowAsync("Propose for release");
        await scientist.ArriveAsync("/releases/new");
        await scientist.FillAsync(("Reason", "As good as the forest, and simpler to explain."));
        await scientist.LookAsync("release-new");
        await scientist.ClickAsync("Ask for release");
        await scientist.ArriveAsync("/releases/[0-9a-f]{32}$");
        Keep(scientist);
        return $"/projects/{project}/releases/{scientist.Page.Url[^32..]}";
    }

    private async Task ApproveAsync(TestTenant tenant, string project, string release)
    {
        var manager = await AsAsync(tenant, Role.RiskManager);
        await manager.OpenAsync($"/projects/{project}/releases");
        await manager.LookAsync("releases");
        await manager.OpenAsync(release);
        await manager.ClickAsync("Approve");
        await manager.FillAsync(("What you looked at, and why it is good enough", "Receipt without a difference, interval well above the heuristic."));
        await manager.ClickAsync("Approve");
        await manager.SeeAsync("electronic record");
        await manager.LookAsync("release");
        Keep(manager);
    }

    private async Task DeployAndScoreAsync(TestTenant tenant, string project)
    {
        var engineer = await AsAsync(tenant, Role.MlOpsEngineer);
        await engineer.OpenAsync($"/projects/{project}/endpoints");
        await engineer.LookAsync("endpoints-empty");
        await engineer.ClickAsync("New endpoint");
        await engineer.FillAsync(("Name", "malignancy-prod"));
        await engineer.ChooseAsync("Model", "malignancy");
        await engineer.ChooseAsync("Environment", "production");
        await engineer.ClickAsync("Open endpoint");
        await engineer.ArriveAsync("/endpoints/malignancy-prod$");
        var scientist = await AsAsync(tenant, Role.DataScientist);
        await scientist.OpenAsync($"/projects/{project}/endpoints/malignancy-prod");
        await scientist.LeaveAloneAsync();
        await engineer.ClickAsync("Release a version");
        await engineer.ChooseAsync("Version", "v1");
        await engineer.ClickAsync("Release");
        await engineer.SeeAsync("v1 100 %");
        await scientist.SeeUnaskedAsync("v1 100 %");
        Keep(scientist);

        await engineer.FillAsync(("mean_radius", "13.98"), ("mean_texture", "19.62"));
        await engineer.ClickAsync("Score");
        var answer = engineer.Page.Locator(".num + .mut").Filter(new() { HasText = "· id" });
        await answer.WaitForAsync();
        var id = (await answer.TextContentAsync() ?? "").Split("id ")[^1].Trim();
        await engineer.LookAsync("endpoint");
        await engineer.FollowAsync("Predictions");
        await engineer.Page.GetByText(id).WaitForAsync();
        await engineer.LookAsync("predictions");
        Keep(engineer);
    }

    private Task<Person> AsAsync(TestTenant tenant, Role role) => Person.SignInAsync(chromium, portal.Portal, tenant, tenant[role]);

    private static async Task SectionAsync(Person person, string open, string seen, params (string, string)[] fields)
    {
        await person.ClickAsync(open);
        await FilledAsync(person, seen, fields);
    }

    private static async Task FilledAsync(Person person, string seen, params (string, string)[] fields)
    {
        await person.FillAsync(fields);
        await person.ClickAsync("Save");
        await person.SeeAsync(seen);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    private void Keep(Person person) => findings.AddRange(person.Findings);
}
