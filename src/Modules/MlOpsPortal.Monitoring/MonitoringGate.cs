using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Monitoring;

/// <summary>What stage 5 is judged by: every production endpoint that answers.</summary>
/// <param name="Monitors">Of the endpoint, not archived.</param>
/// <param name="Last">The latest window with predictions of any of them.</param>
internal sealed record WatchedEndpoint(string Name, ImmutableArray<EndpointMonitor> Monitors, MonitorRun? Last);

/// <summary>The checklist of stage 5, from the project's production endpoints and what watches them.</summary>
internal sealed class MonitoringGate(DeploymentDesk deployments, ITenantDb<MonitoringDbContext> databases) : IGateEvidence
{
    public Stage Stage => Stage.ModelMonitoring;

    public async Task<ImmutableArray<GateCheck>> CheckAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        Check(project, await WatchedAsync(caller, project, cancellationToken));

    public async Task<ImmutableArray<UserId>> AuthorsAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        [.. (await WatchedAsync(caller, project, cancellationToken)).SelectMany(endpoint => endpoint.Monitors).Select(monitor => monitor.CreatedBy).Distinct()];

    public static ImmutableArray<GateCheck> Check(ProjectId project, IReadOnlyList<WatchedEndpoint> endpoints)
    {
        var link = $"projects/{project}/monitoring";
        var any = endpoints.Count > 0;
        return
        [
            new("gate.monitored", any && endpoints.All(endpoint => endpoint.Monitors.Length > 0), Missing(endpoints, endpoint => endpoint.Monitors.Length > 0) ?? Names(endpoints), link),
            new("gate.monitor_scheduled", any && endpoints.All(endpoint => endpoint.Monitors.Any(monitor => monitor.Schedule is not null)), Missing(endpoints, endpoint => endpoint.Monitors.Any(monitor => monitor.Schedule is not null)), link),
            new("gate.monitor_ran", any && endpoints.All(endpoint => endpoint.Last is { Rows: > 0, Reference.Rows: > 0 }), Ran(endpoints), link),
            new("gate.outcomes_known", any && endpoints.All(endpoint => endpoint.Last is { Labelled: > 0 }), Coverage(endpoints), link),
        ];
    }

    private static string? Missing(IReadOnlyList<WatchedEndpoint> endpoints, Func<WatchedEndpoint, bool> has) => endpoints.FirstOrDefault(endpoint => !has(endpoint))?.Name;

    private static string? Names(IReadOnlyList<WatchedEndpoint> endpoints) => endpoints.Count == 0 ? null : string.Join(", ", endpoints.Select(endpoint => endpoint.Name));

    private static string? Ran(IReadOnlyList<WatchedEndpoint> endpoints) =>
        endpoints.Select(endpoint => endpoint.Last?.ComputedAt).Min()?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string? Coverage(IReadOnlyList<WatchedEndpoint> endpoints) =>
        endpoints.Select(endpoint => endpoint.Last?.Coverage).Min() is { } least ? least.ToString("P0", CultureInfo.InvariantCulture) : null;

    private async Task<List<WatchedEndpoint>> WatchedAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        var endpoints = await deployments.ListAsync(caller, project, PageRequest.Of(PageRequest.MaxLimit, null), cancellationToken);
        var watched = new List<WatchedEndpoint>();
        await using var db = databases.Open(caller.Tenant);
        foreach (var endpoint in endpoints.Value?.Items.Where(endpoint => endpoint is { Environment: ReleaseEnvironment.Production, LiveVersion: not null }) ?? [])
        {
            var monitors = await db.Monitors.AsNoTracking().Where(row => row.DeploymentId == endpoint.Id && row.ArchivedAt == null).ToListAsync(cancellationToken);
            // The latest windows may still wait for their outcomes: the latest with some stands for the endpoint.
            var rows = db.Runs.AsNoTracking().Where(row => row.DeploymentId == endpoint.Id && row.Rows > 0);
            var last = await rows.OrderByDescending(row => row.Labelled > 0).ThenByDescending(row => row.WindowTo).FirstOrDefaultAsync(cancellationToken);
            watched.Add(new WatchedEndpoint(endpoint.Name, [.. monitors.Select(MonitorDesk.Read)], last is null ? null : MonitorHistory.Read(last)));
        }

        return watched;
    }
}
