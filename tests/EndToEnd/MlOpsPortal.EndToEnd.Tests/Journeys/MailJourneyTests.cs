using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>A portal with a mail server: what happens reaches people who are not looking.</summary>
[Collection<JourneyCollection>]
public sealed class MailJourneyTests(Chromium chromium) : IAsyncLifetime
{
    private const string Title = "Outcomes are far off";
    private readonly TestMailServer server = new();
    private PortalHost portal = null!; // set before the first test

    public async ValueTask InitializeAsync() => portal = await PortalHost.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Host"] = "127.0.0.1",
            ["Mail:Port"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["Mail:StartTls"] = "false",
            ["Mail:From"] = "portal@example.org",
            ["Mail:PortalUrl"] = "https://ml.example.org",
        },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>Predictions and outcomes sent in, measured, judged by a rule, grouped into an incident, told.</summary>
    [Fact]
    public async Task An_alert_reaches_the_inbox_and_the_mailbox_of_who_handles_it()
    {
        var tenant = await portal.TenantAsync("Watchers");
        var project = await tenant.ProjectAsync("Second reading");
        var things = new Dictionary<string, string>(StringComparer.Ordinal);
        await Furnished.ModelAsync(tenant, project, things);
        var engineer = tenant[Role.MlOpsEngineer];
        var endpoint = $"/api/v1/endpoints/{things["endpoint-id"]}";
        var monitor = Modelling.Text((await engineer.PostAsync(endpoint + "/monitors", new { name = "weekly" })).GetProperty("monitor"), "id");
        var person = await Person.SignInAsync(chromium, portal, tenant, engineer);
        await RuleAsync(person, $"/projects/{project.Id}/monitors/{monitor}/rules");
        var occurredAt = TimeProvider.System.GetUtcNow().AddDays(-21);
        await engineer.PostAsync(endpoint + "/predictions", new { predictions = Enumerable.Range(0, 200).Select(n => new { id = $"p{n}", occurredAt, output = 0.9 }) });
        await engineer.PostAsync(endpoint + "/actuals", new { actuals = Enumerable.Range(0, 200).Select(n => new { id = $"p{n}", value = 0, at = occurredAt.AddDays(1) }) });
        await engineer.RunMonitorAsync(monitor);

        var mail = await MailAsync(engineer, "/incidents/");
        var page = Regex.Match(mail, "https://ml.example.org(?<path>/t/[^ \r\n]*/incidents/[0-9a-f]{32})", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["path"].Value;
        mail.ShouldContain("Subject: Incident:");
        await person.OpenAsync("/inbox");
        await person.SeeAsync("The evidence is ranked by cause; choose the way back.");
        await person.OpenAsync(page, inTenant: false);
        await person.SeeAsync(Title);
        await Microsoft.Playwright.Assertions.Expect(person.Page.Locator("h1")).Not.ToHaveTextAsync("There is nothing here");
        person.Findings.ShouldBeEmpty();
        // Who only looks is not called.
        server.Taken.ShouldNotContain(taken => taken.Contains($"To: {tenant[Role.Viewer].Email}", StringComparison.Ordinal));
    }

    /// <summary>A rule with two conditions, made on its page.</summary>
    private static async Task RuleAsync(Person person, string rules)
    {
        await person.OpenAsync(rules);
        await person.ClickAsync("New rule");
        await person.FillAsync(("Name", Title));
        await person.ChooseAsync("Looks at", "outcomes against predictions");
        await person.ChooseAsync("Compared with", "nothing: its own value");
        await person.FillAsync(("Threshold", "0.25"), ("In so many windows", "1"), ("Of the latest", "1"));
        await person.Page.GetByLabel("Another condition must hold too").CheckAsync();
        var second = person.Page.GetByRole(AriaRole.Group, new() { Name = "And also" });
        await second.GetByLabel("Compared with").SelectOptionAsync(new SelectOptionValue { Label = "nothing: its own value" });
        await second.GetByLabel("Threshold").FillAsync("0.3");
        await person.LookAsync("rule-with-two-conditions");
        await person.ClickAsync("Keep");
        await person.Page.GetByText("reaches 0.3").WaitForAsync();
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_link_in_a_mail()
    {
        const string Password = "a quiet long password";
        var tenant = await portal.TenantAsync("Sieves");
        var member = tenant[Role.DataEngineer];
        var lost = await Person.ArriveAsync(chromium, portal, tenant);
        await lost.FollowAsync("Forgot your password?");
        await lost.ArriveAsync("/forgot-password$");
        await lost.FillAsync(("E-mail", member.Email));
        await lost.ClickAsync("Send link");
        await lost.SeeAsync("Look into your mailbox.");
        await lost.LookAsync("forgot-password-sent");

        var mail = await MailAsync(member, "/reset-password/");
        await lost.OpenAsync(Regex.Match(mail, "/reset-password/mlr_[0-9a-f]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value, inTenant: false);
        await lost.FillAsync(("New password", Password));
        await lost.ClickAsync("Set password and sign in");
        await lost.Page.WaitForURLAsync("**/t/*");
        lost.Findings.ShouldBeEmpty();
    }

    /// <summary>Waits for a mail to somebody with a link to such a page; its lines put together again.</summary>
    private Task<string> MailAsync(TestMember to, string link) => Jobs.UntilAsync($"a mail to {to.Email}", () =>
        Task.FromResult(server.Taken.Select(taken => Regex.Replace(taken, "=\r?\n", "", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .FirstOrDefault(taken => taken.Contains($"To: {to.Email}", StringComparison.Ordinal) && taken.Contains(link, StringComparison.Ordinal))));
}
