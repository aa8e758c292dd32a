using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Projects.Tests;

/// <summary>One running portal for all classes that ask one.</summary>
[CollectionDefinition]
public sealed class PortalCollection : ICollectionFixture<PortalFixture>;

/// <summary>A project over the API with an objective, a key result and a KPI, of a tenant of its own.</summary>
internal sealed record BusinessCase(TestTenant Tenant, TestProject Project, string KeyResult, string Kpi)
{
    public TestMember Owner => Tenant[Role.BusinessOwner];

    public string Values => $"/api/v1/projects/{Project.Id}/kpis/{Kpi}/values";

    public string CheckIns => $"/api/v1/projects/{Project.Id}/key-results/{KeyResult}/check-ins";

    public static async Task<BusinessCase> NewAsync(PortalFixture portal)
    {
        var tenant = await portal.TenantAsync("Alder");
        var project = await tenant.ProjectAsync("Offers near you");
        var address = $"/api/v1/projects/{project.Id}";
        var withObjective = await tenant[Role.BusinessOwner].PostAsync(address + "/objectives", new
        {
            title = "Shoppers know their offers", type = "committed", start = "2024-01-01", end = "2099-12-31",
            keyResults = new[] { new { title = "Visit share", unit = "share", start = 0.15, target = 0.20 } },
        });
        var objective = First(withObjective, "objectives");
        var withKpi = await tenant[Role.BusinessOwner].PostAsync(address + "/kpis", new
        {
            objective = objective.GetProperty("id").GetString(), name = "Visit share", formula = "visits / messages", unit = "share", direction = "increase",
            baseline = 0.15, baselineDate = "2023-12-31", target = 0.20, amber = 0.18, red = 0.15, owner = "Ana Reyes", cadence = "weekly",
        });
        return new BusinessCase(tenant, project, Id(objective.GetProperty("keyResults")[0]), Id(First(withKpi, "kpis")));
    }

    private static JsonElement First(JsonElement view, string list) => view.GetProperty("project").GetProperty(list)[0];

    private static string Id(JsonElement thing) => thing.GetProperty("id").GetString() ?? throw new JsonException("A thing without an id.");
}
