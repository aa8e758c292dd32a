using System.Net.Http.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Projects.Tests.Standing;

[Collection<PortalCollection>]
public sealed class StandingApiTests(PortalFixture portal)
{
    [Fact]
    public async Task What_was_said_is_what_progress_is_computed_from()
    {
        var business = await BusinessCase.NewAsync(portal);
        await business.Owner.PostAsync(business.CheckIns, new { date = "2024-01-08", value = 0.173, confidence = 4 });

        var standing = await business.Owner.GetAsync($"/api/v1/projects/{business.Project.Id}/standing");

        standing.GetProperty("objectives")[0].GetProperty("progress").GetDecimal().ShouldBe(0.46m);
    }

    [Fact]
    public async Task A_check_in_is_due_after_its_cadence_and_waits_for_the_business_owner_until_it_is_made()
    {
        var business = await BusinessCase.NewAsync(portal);
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var before = await business.Owner.GetAsync("/api/v1/check-ins-due");
        var viewer = await business.Tenant[Role.Viewer].GetAsync("/api/v1/check-ins-due");
        await business.Owner.PostAsync(business.Values, new { date = today, value = 0.17 });
        var after = await business.Owner.GetAsync("/api/v1/check-ins-due");

        before.EnumerateArray().Select(due => due.GetProperty("subject").GetString()).ShouldContain(business.Kpi);
        viewer.GetArrayLength().ShouldBe(0);
        after.EnumerateArray().Select(due => due.GetProperty("subject").GetString()).ShouldNotContain(business.Kpi);
    }

    [Fact]
    public async Task The_csv_holds_exactly_the_filtered_rows_and_no_formula()
    {
        var business = await BusinessCase.NewAsync(portal);
        await business.Owner.PostAsync("/api/v1/projects", new { name = "=HYPERLINK(\"x\")", summary = "local trick" });
        await business.Owner.PostAsync(business.Values, new { date = "2024-01-08", value = 0.14 });

        var all = await business.Owner.Client.GetStringAsync("/api/v1/portfolio/csv");
        var alert = await business.Owner.Client.GetStringAsync("/api/v1/portfolio/csv?kpi=alert");
        var words = await business.Owner.Client.GetStringAsync("/api/v1/portfolio/csv?q=local%20TRICK");

        using var nonsense = await business.Owner.Client.GetAsync("/api/v1/portfolio/csv?stage=wonderland");

        nonsense.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        Lines(all).Length.ShouldBe(3);
        Lines(alert).ShouldSatisfyAllConditions(lines => lines.Length.ShouldBe(2), lines => lines[1].ShouldStartWith("Offers near you,"), lines => lines[1].ShouldContain(",0.14,Declared,2024-01-08,0.2,Alert,"));
        Lines(words)[1].ShouldStartWith("\"'=HYPERLINK(");
    }

    [Theory]
    [InlineData("retail", "Visit share")]
    [InlineData("churn", "Monthly churn")]
    [InlineData("demand", "Out-of-stock rate")]
    public async Task A_project_from_a_template_has_problem_objective_and_kpis_to_edit(string template, string kpi)
    {
        var tenant = await portal.TenantAsync("Alder");

        var created = (await tenant[Role.BusinessOwner].PostAsync("/api/v1/projects", new { name = "From " + template, summary = "An example", template })).GetProperty("project");

        created.GetProperty("problem").GetProperty("statement").GetString().ShouldNotBeNullOrEmpty();
        created.GetProperty("objectives")[0].GetProperty("keyResults").GetArrayLength().ShouldBeGreaterThan(1);
        created.GetProperty("kpis").EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldContain(kpi);
        created.GetProperty("stages")[0].GetProperty("authors").EnumerateArray().Select(author => author.GetString()).ShouldBe([tenant[Role.BusinessOwner].Id.ToString()]);
        (await tenant[Role.BusinessOwner].Client.PostAsJsonAsync("/api/v1/projects", new { name = "X", summary = "x", template = "poker" })).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    private static string[] Lines(string csv) => csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}
