using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Who may only look: every page of her project is there, and whatever she tries is refused with a sentence.</summary>
[Collection<JourneyCollection>]
public sealed class ViewerJourneyTests(PortalFixture portal, Chromium chromium, Furnished furnished)
{
    private const string Refusal = "Your roles do not allow this. It needs one of:";

    /// <summary>What administrators keep.</summary>
    private static readonly string[] NotHers = ["/t/{Tenant}/audit", "/t/{Tenant}/members/{User}", "/t/{Tenant}/service-accounts"];

    [Fact]
    public async Task A_viewer_walks_every_page_and_is_told_what_is_not_hers()
    {
        var home = await furnished.InAsync(portal.Portal);
        var viewer = await SignInAsync(home);
        var wrong = new List<string>();
        foreach (var route in Pages.Of(portal.Portal).Where(route => route.StartsWith("/t/", StringComparison.Ordinal)))
        {
            await viewer.OpenAsync(Pages.Fill(route, home.Tenant, home.Things, []), inTenant: false);
            await viewer.Page.Locator("h1").WaitForAsync();
            var refused = await viewer.Page.GetByText(Refusal).CountAsync() > 0;
            if (refused != NotHers.Contains(route))
                wrong.Add($"{route} {(refused ? "is refused" : "is shown")}");
        }

        wrong.ShouldBeEmpty();
        // A project's content she sees, tokens she has none to make.
        await viewer.OpenAsync("/me");
        await viewer.SeeAsync("this one");
        (await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "New token" }).CountAsync()).ShouldBe(0);
        await viewer.OpenAsync($"/projects/{home.Project.Id}/objectives");
        await viewer.SeeAsync("Business owners and data scientists of this project check in.");
    }

    [Fact]
    public async Task Whatever_a_viewer_tries_on_a_page_is_refused_with_a_sentence()
    {
        var home = await furnished.InAsync(portal.Portal);
        var (project, things) = ($"/projects/{home.Project.Id}", home.Things);
        var viewer = await SignInAsync(home);
        await RefusedAsync(viewer, "/projects", "New project", "Start project", ("Name", "Mine"), ("What it does, in one sentence", "Nothing"));
        await RefusedAsync(viewer, project, "Archive", "Archive", ("Why", "no"));
        await RefusedAsync(viewer, project, "Send work back", "Send back", ("What is needed, and why", "no"));
        await RefusedAsync(viewer, project + "/business", "Edit The problem", "Save", ("The problem", "It hurts"), ("What solving it is worth", "Less pain"));
        await RefusedAsync(viewer, $"{project}/datasets/{things["datasets"]}", "Archive", "Archive", ("Why", "no"));
        await RefusedAsync(viewer, project + "/models", "New model", "Open model", ("Name", "mine"));
        await RefusedAsync(viewer, $"{project}/models/{things["models"]}/versions/1", "Set alias", "Set alias", ("Alias", "mine"));
        await RefusedAsync(viewer, $"{project}/releases/{things["releases"]}", "Approve", "Approve", ("What you looked at, and why it is good enough", "no"));
        await RefusedAsync(viewer, project + "/endpoints/malignancy", "Switch off", "Switch off", ("Reason", "no"));
        await RefusedAsync(viewer, project + "/endpoints/malignancy", "Score");
        await RefusedAsync(viewer, project + "/monitoring/malignancy", "Run now");
        await RefusedAsync(viewer, $"{project}/monitors/{things["monitors"]}/rules", "New rule", "Keep", ("Name", "mine"));
        await RefusedAsync(viewer, $"{project}/incidents/{things["incidents"]}", "Acknowledge Age drifts, age");
        await RefusedAsync(viewer, $"{project}/incidents/{things["incidents"]}", "Close it", "Close", ("What it was, or why it is none", "no"));
        await viewer.LookAsync("viewer-refused");

        viewer.Findings.ShouldBeEmpty();
        var hers = await home.Tenant.Administrator.GetAsync($"/api/v1/audit?person={Uri.EscapeDataString(home.Tenant[Role.Viewer].Name)}&limit=100");
        hers.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).Distinct(StringComparer.Ordinal)
            .ShouldBe(["access.attempt_refused", "token.issued"], ignoreOrder: true, "all that the trail has of her; the token was made for the tests");
    }

    /// <summary>With her token too. Every endpoint's answer to a viewer stands in the architecture tests; here it is the sentence.</summary>
    [Fact]
    public async Task Over_the_API_a_viewer_reads_everything_and_every_refusal_says_what_it_needs()
    {
        var home = await furnished.InAsync(portal.Portal);
        var (viewer, things, project) = (home.Tenant[Role.Viewer], home.Things, $"/api/v1/projects/{home.Project.Id}");
        foreach (var address in new[] { project, $"{project}/standing", $"/api/v1/datasets/{things["datasets"]}", $"/api/v1/models/{things["models"]}", $"/api/v1/evaluations/{things["evaluations"]}", $"/api/v1/monitors/{things["monitors"]}", $"/api/v1/incidents/{things["incidents"]}" })
            (await viewer.GetAsync(address)).ValueKind.ShouldBe(JsonValueKind.Object);
        (string Address, object Body)[] tries =
        [
            ("/api/v1/projects", new { name = "Mine", summary = "Nothing" }),
            (project + "/archive", new { reason = "no" }),
            (project + "/stages/BusinessUnderstanding/sign-off", new { comment = "fine" }),
            ($"{project}/kpis/{things["kpis"]}/values", new { date = "2026-01-05", value = 1 }),
            ("/api/v1/models", new { project = home.Project.Id, name = "mine", task = "binary" }),
            ($"/api/v1/releases/{things["releases"]}/approve", new { comment = "fine" }),
            ($"/api/v1/endpoints/{things["endpoint-id"]}/switch-off", new { reason = "no" }),
            ($"/api/v1/monitors/{things["monitors"]}/runs", new { }),
            ($"/api/v1/incidents/{things["incidents"]}/close", new { note = "no" }),
            ("/api/v1/invitations", new { email = "eve@example.org", roles = new[] { "viewer" } }),
            ("/api/v1/tokens", new { name = "mine", expiresAt = TimeProvider.System.GetUtcNow().AddDays(1) }),
        ];
        foreach (var (address, body) in tries)
        {
            using var refused = await viewer.Client.PostAsJsonAsync(address, body, TestContext.Current.CancellationToken);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, address);
            JsonElement.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("detail").GetString().ShouldStartWith(Refusal, Case.Sensitive, address);
        }
    }

    private Task<Person> SignInAsync(Home home) => Person.SignInAsync(chromium, portal.Portal, home.Tenant, home.Tenant[Role.Viewer]);

    private static async Task RefusedAsync(Person viewer, string page, string button, string? confirm = null, params (string, string)[] fields)
    {
        await viewer.OpenAsync(page);
        await viewer.ClickAsync(button);
        await viewer.FillAsync(fields);
        if (confirm is not null)
            await viewer.ClickAsync(confirm);
        await viewer.SeeAsync(Refusal);
    }
}
