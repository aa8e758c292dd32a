using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments.Serving.Routing;

/// <summary>Who answers under which name, for every tenant. The request path reads one immutable dictionary; changes make a new one and swap it.</summary>
internal sealed class RoutingTable
{
    private readonly Lock changing = new();
    private volatile Dictionary<Place, ServedDeployment> routes = [];
    private volatile bool complete;

    /// <summary>Every deployment was looked at once since the process started.</summary>
    public bool IsComplete => complete;

    public ServedDeployment? Find(TenantId tenant, string name) => routes.GetValueOrDefault(new Place(tenant, name));

    public ServedDeployment? Find(DeploymentId id) => routes.Values.FirstOrDefault(served => served.Id == id);

    public void MarkComplete() => complete = true;

    /// <summary>Puts a deployment into the table, in place of what was known of it; null takes it out.</summary>
    public void Set(DeploymentId id, ServedDeployment? served)
    {
        lock (changing)
        {
            var next = routes.Where(route => route.Value.Id != id).ToDictionary(route => route.Key, route => route.Value);
            if (served is not null)
                next[new Place(served.Tenant, served.Name)] = served;
            routes = next;
        }
    }

    private readonly record struct Place(TenantId Tenant, string Name);
}
