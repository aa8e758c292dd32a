using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments;

/// <summary>The checklist of stage 4, from the project's production endpoints.</summary>
internal sealed class DeploymentGate(ITenantDb<DeploymentsDbContext> databases, AggregateDefinition<DeploymentRow, Deployment> definition) : IGateEvidence
{
    public Stage Stage => Stage.ModelDeployment;

    public async Task<ImmutableArray<GateCheck>> CheckAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        Check(project, await ProductionAsync(caller, project, cancellationToken));

    public async Task<ImmutableArray<UserId>> AuthorsAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        [.. (await ProductionAsync(caller, project, cancellationToken)).Where(deployment => deployment.Live is not null).Select(deployment => deployment.Live!.By).Distinct()];

    public static ImmutableArray<GateCheck> Check(ProjectId project, IReadOnlyList<Deployment> production)
    {
        var link = $"projects/{project}/endpoints";
        var answering = production.FirstOrDefault(deployment => deployment is { Live: not null, Off: null });
        var wayBack = answering is { Previous: not null } or { OffRehearsedAt: not null };
        return
        [
            new("gate.endpoint_live", answering is not null, answering is null ? null : $"{answering.Name} v{answering.Live!.Version.Number}", link),
            new("gate.release_approved", answering?.Live?.Approval is not null, answering?.Live?.Approval?.ApprovedBy.Name, link),
            new("gate.way_back", wayBack, wayBack ? WayBack(answering!) : null, link),
            new("gate.predictions_recorded", answering is { WhenSpoolFull: WhenSpoolFull.Refuse }, answering?.WhenSpoolFull.ToString(), link),
        ];
    }

    private static string WayBack(Deployment deployment) => deployment.Previous is { } previous
        ? string.Create(CultureInfo.InvariantCulture, $"v{previous.Version.Number}")
        : deployment.OffRehearsedAt!.Value.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private async Task<List<Deployment>> ProductionAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var documents = await db.Deployments.AsNoTracking()
            .Where(row => row.ProjectId == project && row.ArchivedAt == null && row.Environment == ReleaseEnvironment.Production)
            .OrderBy(row => row.Name).Select(row => row.Document).ToListAsync(cancellationToken);
        return [.. documents.Select(definition.Read)];
    }
}
