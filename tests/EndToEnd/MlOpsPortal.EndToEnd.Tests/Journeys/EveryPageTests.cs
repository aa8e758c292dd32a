using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>Every page that the running portal has, found from its routes: opens, has one heading, no error in the console, and passes axe in both themes.</summary>
[Collection<JourneyCollection>]
public sealed partial class EveryPageTests(PortalFixture portal, Chromium chromium, ITestOutputHelper output)
{
    /// <summary>Where the administrator's part of a tenant begins; she is no member of projects' work.</summary>
    private static readonly string[] OfAdministrators = ["audit", "members", "team", "service-accounts", "settings"];

    [Fact]
    public async Task Every_page_passes_axe_in_both_themes()
    {
        var tenant = await portal.TenantAsync("Pages");
        var things = await ArrangeAsync(tenant);
        var scientist = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant[Role.DataScientist]);
        var administrator = await Person.SignInAsync(chromium, portal.Portal, tenant, tenant.Administrator);
        var unknown = new List<string>();
        foreach (var route in Routes())
        {
            var address = Fill(route, tenant, things, unknown);
            var person = OfAdministrators.Any(part => route.StartsWith($"/t/{{Tenant}}/{part}", StringComparison.Ordinal)) ? administrator : scientist;
            await person.OpenAsync(address, inTenant: false);
            if (await person.Page.Locator("h1").CountAsync() != 1)
                person.Findings.Add($"{route} has {await person.Page.Locator("h1").CountAsync()} headings of the first level: {await person.Page.TitleAsync()}");
            await person.LookAsync(route);
        }

        output.WriteLine($"{Routes().Count} pages; of these as an unknown thing only: {string.Join(", ", unknown)}");
        scientist.Findings.Concat(administrator.Findings).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_has_anything_to_show_under_another_tenants_name()
    {
        var (here, there) = (await portal.TenantAsync("Here"), await portal.TenantAsync("There"));
        using var administrator = await portal.Portal.SignInAsync(here.Administrator);
        var shown = new List<string>();
        var foreign = Routes().Where(route => route.StartsWith("/t/{Tenant}", StringComparison.Ordinal)).ToList();
        foreach (var route in foreign)
        {
            var page = await (await administrator.GetAsync(Fill(route, there, new(StringComparer.Ordinal) { ["versions"] = "1" }, []))).Content.ReadAsStringAsync();
            if (!page.Contains("There is nothing here", StringComparison.Ordinal) || page.Contains("This page failed", StringComparison.Ordinal))
                shown.Add(route);
        }

        foreign.Count.ShouldBeGreaterThan(20);
        shown.ShouldBeEmpty();
    }

    private List<string> Routes() =>
    [
        .. portal.Portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText?.Trim('/'))
            .Where(route => route is not ("/" or "/error")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>A parameter is told by the word before it. What the tenant has none of is asked for by an id of nothing: that page too is somebody's.</summary>
    private static string Fill(string route, TestTenant tenant, Dictionary<string, string> things, List<string> unknown)
    {
        var parts = route.Split('/');
        for (var index = 1; index < parts.Length; index++)
        {
            if (!parts[index].StartsWith('{'))
                continue;
            if (parts[index] == "{Tenant}")
                parts[index] = tenant.Slug;
            else if (things.TryGetValue(Word().Match(route.Split('/')[index - 1]).Value, out var thing))
                parts[index] = thing;
            else
            {
                parts[index] = Guid.CreateVersion7().ToString("n");
                unknown.Add(route);
            }
        }

        return string.Join('/', parts);
    }

    private static async Task<Dictionary<string, string>> ArrangeAsync(TestTenant tenant)
    {
        var (scientist, samples) = (tenant[Role.DataScientist], Path.Combine(Repository.Samples, "breast_cancer"));
        var project = await tenant.ProjectAsync("Second reading");
        var address = $"/api/v1/projects/{project.Id}";
        var stated = await scientist.PostAsync(address + "/objectives", new
        {
            title = "Sick people are told sooner", type = "committed", start = "2026-01-01", end = "2026-12-31", keyResults = new[] { new { title = "Days", unit = "days", start = 9, target = 6 } },
        });
        var kpi = await scientist.PostAsync(address + "/kpis", new
        {
            objective = Modelling.Text(stated.GetProperty("project").GetProperty("objectives")[0], "id"), name = "Days", formula = "days ÷ samples", unit = "days", direction = "decrease",
            baseline = 9, baselineDate = "2026-01-01", target = 6, amber = 7, red = 8, owner = "Head of pathology", cadence = "monthly",
        });
        var training = await scientist.DatasetAsync(project, "training", Path.Combine(samples, "train.csv"), "training", "target");
        var test = await scientist.DatasetAsync(project, "test", Path.Combine(samples, "test.csv"), "test", "target", training);
        var model = Modelling.Text((await scientist.PostAsync("/api/v1/models", new { project = project.Id, name = "malignancy", task = "binary" })).GetProperty("model"), "id");
        var version = await scientist.VersionAsync(model, Path.Combine(samples, "models", "logistic.onnx"), "target", training, "logistic", Path.Combine(samples, "predictions", "logistic.csv"), test);
        var evaluation = await scientist.EvaluateAsync(version, test);
        var release = Modelling.Text(await scientist.PostAsync("/api/v1/releases", new { version = version.Id, environment = "production", reason = "Simple" }), "id");
        var engineer = tenant[Role.MlOpsEngineer];
        var endpoint = (await engineer.PostAsync("/api/v1/endpoints", new { project = project.Id, name = "malignancy", environment = "sandbox", model })).GetProperty("deployment");
        await engineer.DeployAsync(Modelling.Text(endpoint, "id"), version);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["projects"] = project.Id, ["kpis"] = Modelling.Text(kpi.GetProperty("project").GetProperty("kpis")[0], "id"), ["datasets"] = test.Id, ["versions"] = "1", ["models"] = model,
            ["evaluations"] = evaluation, ["releases"] = release, ["endpoints"] = "malignancy", ["members"] = scientist.Id.ToString(), ["jobs"] = await scientist.Client.LastJobAsync(project.Id),
        };
    }

    [GeneratedRegex("^[a-z-]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
