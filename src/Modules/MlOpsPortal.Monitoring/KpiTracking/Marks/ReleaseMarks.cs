using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Monitoring.KpiTracking.Marks;

/// <summary>Versions that went live in production.</summary>
internal sealed class ReleaseMarks(DeploymentDesk deployments) : IKpiMarks
{
    public async Task<ImmutableArray<KpiMark>> FindAsync(Caller caller, ProjectId project, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var endpoints = await deployments.ListAsync(caller, project, PageRequest.Of(PageRequest.MaxLimit, null), cancellationToken);
        if (!endpoints.IsOk)
            return [];
        var marks = ImmutableArray.CreateBuilder<KpiMark>();
        foreach (var endpoint in endpoints.Value.Items.Where(endpoint => endpoint.Environment == ReleaseEnvironment.Production))
        {
            var found = await deployments.GetAsync(caller, endpoint.Id, cancellationToken);
            if (found.IsOk)
                marks.AddRange(found.Value.State.Releases.Where(release => release.LiveAt >= from).Select(release => new KpiMark(
                    KpiMarkKind.Release, release.LiveAt!.Value, null, $"v{release.Version.Number.ToString(CultureInfo.InvariantCulture)}", $"projects/{project}/endpoints/{endpoint.Name}"))); // compared just before
        }

        return [.. marks.OrderBy(mark => mark.At)];
    }
}
