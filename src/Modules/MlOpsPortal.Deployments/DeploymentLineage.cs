using MlOpsPortal.Models.Ancestry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Deployments;

/// <summary>From an endpoint back to data and problem: which version answers, who let it, and all that the version rests on.</summary>
public sealed class DeploymentLineage(DeploymentDesk deployments, LineageDesk lineage)
{
    public async Task<Result<LineageGraph>> GetAsync(Caller caller, DeploymentId id, CancellationToken cancellationToken)
    {
        var found = await deployments.GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var deployment = found.Value.State;
        var home = $"/projects/{deployment.Project}";
        var endpoint = new LineageNode($"endpoint-{deployment.Id}", LineageKind.Endpoint, deployment.Name, deployment.Environment.ToString().ToLowerInvariant(), $"{home}/endpoints/{deployment.Name}");
        if (deployment.Live is not { } live)
            return new LineageGraph([endpoint], []);
        var version = await lineage.OfVersionAsync(caller, live.Version.Id, cancellationToken);
        if (!version.IsOk)
            return version.Refusal;
        var graph = version.Value.Under(endpoint, "answers with");
        if (live.Approval is not { } approval)
            return graph;
        var node = new LineageNode($"approval-{approval.Request}", LineageKind.Approval, $"Approved by {approval.ApprovedBy.Name}", $"asked for by {approval.RequestedBy.Name}", $"{home}/releases/{approval.Request}");
        return graph.With(node, new LineageEdge(endpoint.Id, node.Id, "let in by")).With(node, new LineageEdge(node.Id, version.Value.Nodes[0].Id, "is about"));
    }
}
