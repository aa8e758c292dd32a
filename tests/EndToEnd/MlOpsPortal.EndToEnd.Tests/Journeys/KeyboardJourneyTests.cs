using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Stage 1 without a mouse: Tab, Enter, arrows and typing reach everything, and no step loses the focus.</summary>
[Collection<JourneyCollection>]
public sealed class KeyboardJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const string Head = "Business understanding, heading";

    [Fact]
    public async Task From_sign_in_to_a_signed_off_problem_by_keyboard_alone()
    {
        var tenant = await portal.TenantAsync("Keys");
        var (owner, keys) = await SignInAsync(tenant, tenant[Role.BusinessOwner]);
        await StartProjectAsync(keys);
        await owner.ArriveAsync("/projects/[0-9a-f]{32}/business$");
        await StateTheProblemAsync(owner, keys);
        await SetAnObjectiveAsync(owner, keys);
        await DefineAKpiAsync(owner, keys);
        await JudgeAndFrameAsync(owner, keys);
        await owner.SeeAsync("Everything is there: it waits for a signature of somebody who did not write it.");
        await owner.LookAsync("business-by-keyboard");

        var address = new Uri(owner.Page.Url).AbsolutePath;
        var manager = tenant[Role.RiskManager];
        await tenant.Administrator.PutAsync($"/api/v1/projects/{address.Split('/')[^2]}/members/{manager.Id}", new { roles = Array.Empty<string>() });
        var (signer, hers) = await SignInAsync(tenant, manager);
        await signer.OpenAsync(address, inTenant: false);
        await hers.IsAtAsync(Head);
        await hers.PressAsync("Sign off", leadsTo: "What you looked at, and why it holds");
        await hers.TypeAsync(("What you looked at, and why it holds", "Read with the shops."));
        await hers.PressAsync("Sign off", leadsTo: Head);
        await signer.SeeAsync("Signed off. Everything later");

        owner.Findings.Concat(signer.Findings).ShouldBeEmpty();
    }

    private async Task<(Person, Keys)> SignInAsync(TestTenant tenant, TestMember member)
    {
        var person = await Person.ArriveAsync(chromium, portal.Portal, tenant);
        var keys = new Keys(person.Page);
        await keys.TypeAsync(("E-mail", member.Email), ("Password", member.Password));
        await keys.PressAsync("Enter");
        await keys.IsAtAsync("My work, heading");
        return (person, keys);
    }

    private static async Task StartProjectAsync(Keys keys)
    {
        await keys.GoToAsync("Portfolio", "Shift+Tab");
        await keys.PressAsync("Enter");
        await keys.IsAtAsync("Portfolio, heading");
        await keys.PressAsync("New project", leadsTo: "Name");

        // Away and back: the dialog gives the focus to what opened it.
        await keys.EscapeAsync(backTo: "New project");
        await keys.PressAsync("Enter");
        await keys.IsAtAsync("Name");
        await keys.TypeAsync(("Name", "Offers near you"), ("What it does, in one sentence", "Tells each shopper the offer that interests them."));
        await keys.GoToAsync("Blank");
        await keys.PressAsync("ArrowDown");
        await keys.IsAtAsync("Retail: offers that interest");
        await keys.PressAsync("ArrowUp");
        await keys.IsAtAsync("Blank");
        await keys.PressAsync("Start project", leadsTo: Head);
    }

    private static async Task StateTheProblemAsync(Person owner, Keys keys)
    {
        await keys.PressAsync("Edit The problem", leadsTo: "The problem");
        await keys.TypeAsync(("The problem", "Shoppers do not know of the offers near them."));

        // What is refused takes the focus.
        await keys.PressAsync("Save", leadsTo: "What solving it is worth");
        await keys.TypeAsync(("What solving it is worth", "More sales in every shop."));
        await keys.PressAsync("Save", leadsTo: "Edit The problem");
        await owner.SeeAsync("More sales in every shop.");
    }

    private static async Task SetAnObjectiveAsync(Person owner, Keys keys)
    {
        await keys.PressAsync("Add objective Objectives and key results", leadsTo: "Objective");
        await keys.TypeAsync(("Objective", "Shoppers know their offers"), ("Key result 1", "Visit share"), ("Unit", "share"), ("Start", "0.15"), ("Target", "0.2"));
        await keys.PressAsync("Add a key result", leadsTo: "Key result 2");
        await keys.TypeAsync(("Key result 2", "Stores with offers"), ("Unit", "stores"));
        await keys.GoToAsync("Progress by");
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("ArrowDown");
        await keys.TypeAsync(("How many to do", "40"));
        await keys.PressAsync("Save", leadsTo: "Add objective Objectives and key results");
        await owner.SeeAsync("Stores with offers");

        await keys.PressAsync("Edit objective Shoppers know their offers", leadsTo: "Objective");
        await keys.PressAsync("Cancel", leadsTo: "Edit objective Shoppers know their offers");
    }

    private static async Task DefineAKpiAsync(Person owner, Keys keys)
    {
        await keys.PressAsync("Add KPI KPIs", leadsTo: "Objective it serves");
        await keys.TypeAsync(("Name", "Visit share of the month"));
        await keys.PressAsync("Next: How it is computed", leadsTo: "Formula");
        await keys.TypeAsync(("Formula", "visits / messages"), ("Unit", "share"));
        await keys.PressAsync("Next: What is good", leadsTo: "Baseline");
        await keys.TypeAsync(("Baseline", "0.15"), ("Target", "0.2"), ("Watch beyond", "0.18"), ("Alert beyond", "0.15"));

        // From the last step back to an earlier one and on again: nothing typed is lost.
        await keys.PressAsync("Back", leadsTo: "Formula");
        await keys.PressAsync("Next: What is good", leadsTo: "Baseline");
        await keys.TypeAsync(("Owner", "Head of stores"));
        await keys.PressAsync("Save", leadsTo: "Add KPI KPIs");
        await owner.SeeAsync("Visit share of the month");
    }

    private static async Task JudgeAndFrameAsync(Person owner, Keys keys)
    {
        await keys.GoToAsync("Edit Does machine learning suit it?");
        await keys.PressAsync("Enter");
        await owner.Page.Locator("fieldset select:focus").First.WaitForAsync();
        await keys.PressAsync("ArrowUp");
        await keys.TypeAsync(("Heuristic to beat", "The most popular offer"), ("A false alarm costs", "1"), ("A miss costs", "20"));
        await keys.PressAsync("Save", leadsTo: "Edit Does machine learning suit it?");
        await owner.SeeAsync("The most popular offer");

        await keys.PressAsync("Edit The ML problem", leadsTo: "Task");
        await keys.TypeAsync(("Target", "visited"), ("One prediction is about", "one shopper and one offer"), ("Decision it drives", "Which offer is sent."));
        await keys.PressAsync("Save", leadsTo: "Edit The ML problem");
    }
}
