using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Who keeps the tenants: makes, limits and suspends them, and sees nothing of what is in them.</summary>
[Collection<JourneyCollection>]
public sealed class OperatorJourneyTests(PortalFixture portal, Chromium chromium)
{
    private const string Password = "a quiet long password";

    [Fact]
    public async Task An_operator_makes_limits_and_suspends_a_tenant_and_sees_nothing_in_it()
    {
        var other = await portal.TenantAsync("Neighbours");
        var secret = await other.ProjectAsync("Nobody else shall read this");
        var keeper = await Person.SignInAsync(chromium, portal.Portal, other, await Furnished.OperatorAsync(portal.Portal), goesTo: "**/no-tenant");
        await keeper.SeeAsync("No tenant has you as a member");
        await keeper.LookAsync("no-tenant");
        await keeper.FollowAsync("Keep the tenants");
        await keeper.ArriveAsync("/operator$");

        var slug = $"birch-{Guid.NewGuid().ToString("n")[..8]}";
        await keeper.FillAsync(("Name", "Birch Bank"), ("Short name in addresses", "No Good"), ("E-mail of its administrator", $"ada@{slug}.example"));
        await keeper.ClickAsync("Make tenant");
        await keeper.Page.Locator("[aria-invalid=true]").WaitForAsync();
        await keeper.FillAsync(("Short name in addresses", slug));
        await keeper.ClickAsync("Make tenant");
        await keeper.SeeAsync("Birch Bank is there.");
        await keeper.LookAsync("operator");
        var link = Regex.Match(await keeper.Page.ContentAsync(), "http[^\"<]*/invitation/mli_[0-9a-f]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        var administrator = await JoinAsync(link, slug);

        await keeper.OpenAsync("/operator", inTenant: false);
        await keeper.Page.GetByRole(AriaRole.Link, new() { Name = "Birch Bank" }).First.ClickAsync();
        await keeper.ArriveAsync("/operator/[0-9a-f]{32}$");
        await LimitAsync(keeper, administrator, slug);
        await SuspendAsync(keeper, administrator, slug);

        // Names and amounts, nothing else: neither on her pages nor under a tenant's address.
        await keeper.OpenAsync("/operator", inTenant: false);
        (await keeper.Page.ContentAsync()).ShouldNotContain(secret.Name);
        await keeper.OpenAsync($"/projects/{secret.Id}");
        (await keeper.Page.ContentAsync()).ShouldNotContain(secret.Name);
        keeper.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_no_operator_is_told_so()
    {
        var tenant = await portal.TenantAsync("Curious");
        var root = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant.Administrator);
        foreach (var page in new[] { "/operator", $"/operator/{tenant.Id}" })
        {
            await root.OpenAsync(page, inTenant: false);
            await root.SeeAsync("Only an operator of the portal keeps the tenants.");
        }
    }

    [Fact]
    public async Task A_link_from_the_administrator_lets_somebody_choose_a_new_password_once()
    {
        var tenant = await portal.TenantAsync("Forgetful");
        var member = tenant[Role.Viewer];
        var lost = await Person.ArriveAsync(chromium, portal.Portal, tenant);
        await lost.FollowAsync("Forgot your password?");
        await lost.SeeAsync("Ask an administrator of your tenant for a link");
        await lost.LookAsync("forgot-password");

        var root = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant.Administrator);
        await root.OpenAsync($"/members/{member.Id}");
        await root.ClickAsync("New password link");
        await root.SeeAsync("It works once, for an hour");
        var link = Regex.Match(await root.Page.ContentAsync(), "/reset-password/mlr_[0-9a-f]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value;

        await lost.OpenAsync(link, inTenant: false);
        await lost.FillAsync(("New password", "short"));
        await lost.ClickAsync("Set password and sign in");
        await lost.Page.Locator("[aria-invalid=true]").WaitForAsync();
        await lost.LookAsync("reset-password");
        await lost.FillAsync(("New password", Password));
        await lost.ClickAsync("Set password and sign in");
        await lost.Page.WaitForURLAsync("**/t/*");
        await lost.OpenAsync(link, inTenant: false);
        await lost.SeeAsync("Go to the sign-in");

        var again = await Person.ArriveAsync(chromium, portal.Portal, tenant);
        await again.FillAsync(("E-mail", member.Email), ("Password", member.Password));
        await again.ClickAsync("Sign in");
        await again.Page.GetByRole(AriaRole.Alert).First.WaitForAsync();
        await again.FillAsync(("Password", Password));
        await again.ClickAsync("Sign in");
        await again.Page.WaitForURLAsync("**/t/*");
        lost.Findings.Concat(root.Findings).ShouldBeEmpty();
    }

    private async Task<IPage> JoinAsync(string link, string slug)
    {
        var page = await chromium.OpenAsync(portal.Url);
        await page.GotoAsync(link);
        await page.GetByText($"For ada@{slug}.example").WaitForAsync();
        await page.GetByLabel("Name").FillAsync("Ada Birch");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await page.WaitForURLAsync($"**/t/{slug}");
        return page;
    }

    /// <summary>Room for the administrator alone.</summary>
    private static async Task LimitAsync(Person keeper, IPage administrator, string slug)
    {
        await keeper.FillAsync(("Members", "1"));
        await keeper.ClickAsync("Save limits");
        await keeper.SeeAsync("It counts within 5 seconds.");
        await keeper.LookAsync("operator-tenant");
        await administrator.GotoAsync($"/t/{slug}/members", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Chromium.ReadyAsync(administrator);
        await administrator.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        await administrator.GetByLabel("E-mail").FillAsync($"bob@{slug}.example");
        await administrator.GetByRole(AriaRole.Button, new() { Name = "Make link", Exact = true }).ClickAsync();
        await administrator.Locator("dialog").GetByRole(AriaRole.Alert).GetByText("1").First.WaitForAsync();
        await administrator.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
    }

    private static async Task SuspendAsync(Person keeper, IPage administrator, string slug)
    {
        await keeper.FillAsync(("Reason, which its members read", "The contract has ended."));
        await keeper.ClickAsync("Suspend Birch Bank");
        await keeper.SeeAsync("Nobody comes in and no token works.");
        await keeper.LookAsync("operator-tenant-suspended");
        await administrator.WaitForURLAsync("**/sign-in**");
        await SignInAsync("**/no-tenant");
        await administrator.GetByText("The contract has ended.").WaitForAsync();
        await keeper.ClickAsync("Let them in again");
        await keeper.SeeAsync("Members work here.");
        await administrator.GotoAsync("/sign-in");
        await SignInAsync($"**/t/{slug}");

        async Task SignInAsync(string leadsTo)
        {
            await administrator.GetByLabel("E-mail").FillAsync($"ada@{slug}.example");
            await administrator.GetByLabel("Password").FillAsync(Password);
            await administrator.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            await administrator.WaitForURLAsync(leadsTo);
        }
    }
}
