using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Forms that lose nothing: neither a closed browser nor a lost connection nor a reload takes what was typed.</summary>
[Collection<JourneyCollection>]
public sealed class DraftJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const string Back = "What you had not saved is back in the form.";

    [Fact]
    public async Task What_was_typed_and_not_saved_is_back_after_the_browser_is_gone()
    {
        var tenant = await portal.TenantAsync("Drafts");
        var project = await tenant.ProjectAsync("Offers near you");
        const string Text = "Shoppers do not know of the offers near them.";
        var owner = await SignInAsync(tenant, Role.BusinessOwner);
        await owner.OpenAsync($"/projects/{project.Id}/business");
        await owner.ClickAsync("Edit The problem");

        // Not left, not saved: the keys are on their way while the cursor is still in the field.
        await owner.Field("The problem").PressSequentiallyAsync(Text);
        await KeptAsync(tenant[Role.BusinessOwner], owner.Field("The problem"), Text);
        await owner.Page.CloseAsync(new() { RunBeforeUnload = false });

        var again = await SignInAsync(tenant, Role.BusinessOwner);
        await again.OpenAsync($"/projects/{project.Id}/business");
        await again.SeeAsync("You have unsaved text here.");
        await again.LookAsync("draft-offered");
        await again.ClickAsync("Continue The problem");
        await again.SeeAsync(Back);
        await Assertions.Expect(again.Field("The problem")).ToHaveValueAsync(Text);
        await again.LookAsync("draft-back");

        await again.FillAsync(("What solving it is worth", "More sales in every shop."));
        await again.ClickAsync("Save");
        await again.SeeAsync("More sales in every shop.");
        await again.OpenAsync($"/projects/{project.Id}/business");
        await again.SeeAsync(Text);
        await Assertions.Expect(again.Page.GetByText("You have unsaved text here.")).ToHaveCountAsync(0);
        again.Findings.ShouldBeEmpty();
    }

    /// <summary>The portal cannot be reached while somebody types: the text waits in the browser and is there after a reload.</summary>
    [Fact]
    public async Task What_was_typed_without_a_connection_is_back_after_a_reload()
    {
        var tenant = await portal.TenantAsync("Offline");
        var project = await tenant.ProjectAsync("Offers near you");
        var viewer = await SignInAsync(tenant, Role.Viewer);
        await viewer.OpenAsync($"/projects/{project.Id}");
        await viewer.Page.Locator("[data-draft-owner]").First.WaitForAsync();
        await viewer.Page.Context.SetOfflineAsync(true);
        await viewer.Field("Say something about this project").PressSequentiallyAsync("Nobody hears me");
        await viewer.Page.WaitForFunctionAsync("() => Object.values(localStorage).some(held => held.includes('Nobody hears me'))");
        await viewer.Page.Context.SetOfflineAsync(false);

        await viewer.OpenAsync($"/projects/{project.Id}");
        await viewer.SeeAsync(Back);
        await Assertions.Expect(viewer.Field("Say something about this project")).ToHaveValueAsync("Nobody hears me");
        await viewer.ClickAsync("Comment");
        await viewer.Page.Locator(".comment-text").GetByText("Nobody hears me").WaitForAsync();
    }

    [Fact]
    public async Task A_check_in_that_was_not_saved_is_back_with_todays_date_and_can_be_discarded()
    {
        var tenant = await portal.TenantAsync("Pausers");
        var project = await tenant.ProjectAsync("Offers near you");
        var member = tenant[Role.BusinessOwner];
        await member.PostAsync($"/api/v1/projects/{project.Id}/objectives", Objective());
        var owner = await SignInAsync(tenant, Role.BusinessOwner);
        await owner.OpenAsync("/check-ins");
        var value = owner.Page.Locator("form[data-enter-saves] input[type=number]");
        await owner.Page.Locator("form[data-enter-saves] :focus").WaitForAsync();
        await owner.Page.Keyboard.TypeAsync("0.18");
        await owner.Page.Keyboard.PressAsync("Tab");
        await owner.Page.Keyboard.TypeAsync("7");
        await owner.Page.Locator("label.on").GetByText("7").WaitForAsync();
        await owner.Page.Keyboard.PressAsync("Tab");
        await owner.Page.Keyboard.TypeAsync("two new stores");
        var kept = await KeptAsync(member, value, "two new stores");
        kept.TryGetProperty("On", out _).ShouldBeFalse("a day that nobody chose is none to come back");
        kept.GetProperty("Confidence").GetString().ShouldBe("7");

        await owner.OpenAsync("/check-ins");
        await owner.SeeAsync(Back);
        await Assertions.Expect(value).ToHaveValueAsync("0.18");
        await Assertions.Expect(owner.Page.GetByRole(AriaRole.Radio, new() { Name = "7" })).ToBeCheckedAsync();
        await Assertions.Expect(owner.Field("What changed")).ToHaveValueAsync("two new stores");
        await Assertions.Expect(owner.Field("On")).ToHaveValueAsync(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await owner.LookAsync("check-in-draft");

        await owner.ClickAsync("Discard it");
        await owner.Page.Locator("form[data-enter-saves] input[type=number]:focus").WaitForAsync();
        await Assertions.Expect(value).ToHaveValueAsync("");
        await GoneAsync(member, value);
        await owner.Page.Keyboard.TypeAsync("0.19");
        await owner.Page.Keyboard.PressAsync("Tab");
        await owner.Page.Keyboard.TypeAsync("8");
        await owner.Page.Keyboard.PressAsync("Enter");
        await owner.SeeAsync("Saved 0.19");
        owner.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dialog_keeps_what_was_typed_and_puts_the_focus_where_it_was_refused()
    {
        var tenant = await portal.TenantAsync("Starters");
        var owner = await SignInAsync(tenant, Role.BusinessOwner);
        var keys = new Keys(owner.Page);
        await owner.OpenAsync("/projects");
        await owner.ClickAsync("New project");
        await owner.Field("Name").PressSequentiallyAsync("Offers near you");
        await owner.ClickAsync("Start project");
        await keys.IsAtAsync("What it does, in one sentence");
        await owner.LookAsync("new-project-refused");
        await owner.Page.GetByLabel("Churn: keep customers").CheckAsync();
        await owner.Field("What it does, in one sentence").PressSequentiallyAsync("Tells each shopper");
        await KeptAsync(tenant[Role.BusinessOwner], owner.Field("Name"), "Tells each shopper");
        await owner.Page.CloseAsync(new() { RunBeforeUnload = false });

        var again = await SignInAsync(tenant, Role.BusinessOwner);
        keys = new Keys(again.Page);
        await again.OpenAsync("/projects");
        await again.ClickAsync("New project");
        await again.SeeAsync(Back);
        await Assertions.Expect(again.Field("Name")).ToHaveValueAsync("Offers near you");
        await Assertions.Expect(again.Page.GetByLabel("Churn: keep customers")).ToBeCheckedAsync();
        await again.FillAsync(("What it does, in one sentence", "Tells each shopper the local offer."));
        await again.ClickAsync("Start project");
        await again.ArriveAsync("/business$");
        await again.OpenAsync("/projects");
        await again.SeeAsync("Tells each shopper the local offer.");
        await again.ClickAsync("New project");
        await Assertions.Expect(again.Field("Name")).ToHaveValueAsync("");
        await GoneAsync(tenant[Role.BusinessOwner], again.Field("Name"));

        await again.Page.Keyboard.PressAsync("Escape");
        await again.FollowAsync("Offers near you");
        await again.ClickAsync("Archive");
        await again.SeeAsync("It leaves the lists");
        await again.ClickAsync("Archive");
        await keys.IsAtAsync("Why");
        owner.Findings.Concat(again.Findings).ShouldBeEmpty();
    }

    /// <summary>Rows that people add, and queries.</summary>
    [Fact]
    public async Task A_measurement_that_was_not_saved_comes_back_with_all_its_inputs()
    {
        var tenant = await portal.TenantAsync("Queries");
        var project = await tenant.ProjectAsync("Offers near you");
        var member = tenant[Role.DataScientist];
        var address = $"/api/v1/projects/{project.Id}";
        var stated = await tenant[Role.BusinessOwner].PostAsync(address + "/objectives", Objective());
        var defined = await tenant[Role.BusinessOwner].PostAsync(address + "/kpis", new
        {
            objective = Modelling.Text(stated.GetProperty("project").GetProperty("objectives")[0], "id"), name = "Visit share", formula = "visits / messages", unit = "share", direction = "increase",
            baseline = 0.15, baselineDate = Day(-30), target = 0.2, amber = 0.18, red = 0.15, owner = "Head of stores", cadence = "weekly",
        });
        var page = $"/projects/{project.Id}/kpis/{Modelling.Text(defined.GetProperty("project").GetProperty("kpis")[0], "id")}/measurement";
        var scientist = await SignInAsync(tenant, Role.DataScientist);
        await scientist.OpenAsync(page);
        await scientist.ClickAsync("Add an input");
        await Input(2).FillAsync("visits");
        await scientist.Field("Numerator").FillAsync("SELECT sum(visited) FROM visits");
        await KeptAsync(member, scientist.Field("Numerator"), "SELECT sum(visited)");

        await scientist.OpenAsync(page);
        await scientist.SeeAsync(Back);
        await Assertions.Expect(Input(2)).ToHaveValueAsync("visits");
        await Assertions.Expect(Input(1)).ToHaveValueAsync("messages");
        await Assertions.Expect(scientist.Field("Numerator")).ToHaveValueAsync("SELECT sum(visited) FROM visits");
        scientist.Findings.ShouldBeEmpty();

        ILocator Input(int number) => scientist.Page.GetByRole(AriaRole.Group, new() { Name = $"Input {number}" }).GetByLabel("Name in SQL");
    }

    /// <summary>Fields of one name in several rows, ticks, and a row whose kind decides which fields it has.</summary>
    [Fact]
    public async Task An_objective_with_two_key_results_comes_back_whole()
    {
        var tenant = await portal.TenantAsync("Aims");
        var project = await tenant.ProjectAsync("Offers near you");
        var owner = await SignInAsync(tenant, Role.BusinessOwner);
        await owner.OpenAsync($"/projects/{project.Id}/business");
        await owner.ClickAsync("Add objective Objectives and key results");
        await owner.FillAsync(("Objective", "Shoppers know their offers"), ("Key result 1", "Visit share"));
        await owner.ClickAsync("Add a key result");
        await Row(2).GetByLabel("Progress by").SelectOptionAsync(new SelectOptionValue { Label = "done of how many" });
        await Row(2).GetByLabel("How many to do").FillAsync("40");
        await Row(2).GetByLabel("Unit").FillAsync("stores");
        await owner.FillAsync(("Key result 2", "Stores with offers"));
        await KeptAsync(tenant[Role.BusinessOwner], owner.Field("Objective"), "Stores with offers");

        await owner.OpenAsync($"/projects/{project.Id}/business");
        await owner.ClickAsync("Continue Objectives and key results");
        await owner.SeeAsync(Back);
        await Assertions.Expect(owner.Field("Key result 1")).ToHaveValueAsync("Visit share");
        await Assertions.Expect(owner.Field("Key result 2")).ToHaveValueAsync("Stores with offers");
        await Assertions.Expect(Row(1).GetByLabel("Unit")).ToHaveValueAsync("");
        await Assertions.Expect(Row(2).GetByLabel("Unit")).ToHaveValueAsync("stores");
        await Assertions.Expect(Row(2).GetByLabel("How many to do")).ToHaveValueAsync("40");
        owner.Findings.ShouldBeEmpty();

        ILocator Row(int number) => owner.Page.GetByRole(AriaRole.Group, new() { Name = $"Key result {number}" });
    }

    private Task<Person> SignInAsync(TestTenant tenant, Role role) => Person.SignInAsync(chromium, portal.Portal, tenant, tenant[role]);

    /// <summary>Waits until the portal has the form's draft with this text.</summary>
    private static async Task<JsonElement> KeptAsync(TestMember who, ILocator field, string text)
    {
        var form = await FormOfAsync(field);
        var kept = await Jobs.UntilAsync($"a draft of {form} with '{text}'", async () =>
        {
            using var answer = await who.Client.GetAsync(form);
            var draft = answer.IsSuccessStatusCode ? (await answer.RequiredAsync()).GetProperty("fields").GetRawText() : "";
            return draft.Contains(text, StringComparison.Ordinal) ? draft : null;
        });
        return JsonElement.Parse(kept);
    }

    private static async Task GoneAsync(TestMember who, ILocator field)
    {
        var form = await FormOfAsync(field);
        await Jobs.UntilAsync($"no draft of {form}", async () =>
        {
            using var answer = await who.Client.GetAsync(form);
            return answer.StatusCode == HttpStatusCode.NotFound ? "" : null;
        });
    }

    private static async Task<string> FormOfAsync(ILocator field) =>
        $"/api/v1/drafts?form={Uri.EscapeDataString(await field.EvaluateAsync<string>("field => field.closest('[data-draft]').dataset.draft"))}";

    private static object Objective() => new
    {
        title = "Shoppers know their offers", type = "committed", start = Day(-30), end = Day(60), keyResults = new object[] { new { title = "Visit share", unit = "share", start = 0.15, target = 0.20 } },
    };

    private static string Day(int offset) => TimeProvider.System.GetUtcNow().AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
