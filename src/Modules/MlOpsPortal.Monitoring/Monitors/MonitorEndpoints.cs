using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>A monitor as the API shows it.</summary>
public sealed record MonitorView(long Version, EndpointMonitor Monitor);

/// <summary><c>/api/v1/monitors</c> and <c>/api/v1/endpoints/{id}/monitors</c>.</summary>
internal static class MonitorEndpoints
{
    public sealed record MonitorList(ImmutableArray<EndpointMonitor> Items);

    public sealed record MonitorRunList(ImmutableArray<MonitorRun> Items);

    public static void MapMonitors(this IEndpointRouteBuilder endpoints)
    {
        var ofEndpoint = endpoints.MapGroup("/api/v1/endpoints/{id}/monitors").WithTags("Monitoring");
        ofEndpoint.MapGet("", async (Caller caller, DeploymentId id, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, id, cancellationToken)).Map(items => new MonitorList(items)).ToHttp())
            .Produces<MonitorList>().WithName("ListMonitors").WithSummary("The monitors of an endpoint, oldest first.");
        ofEndpoint.MapPost("", async (Caller caller, DeploymentId id, MonitorSettings request, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(caller, id, request, cancellationToken)).ToCreated(View, monitor => $"/api/v1/monitors/{monitor.Id}"))
            .Produces<MonitorView>(StatusCodes.Status201Created).WithName("CreateMonitor")
            .WithSummary("Watches an endpoint in windows of time or count, against training, test, a dataset version or an earlier window; by itself when it has a schedule.");

        var monitors = endpoints.MapGroup("/api/v1/monitors/{id}").WithTags("Monitoring");
        monitors.MapGet("", async (Caller caller, MonitorId id, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(View))
            .Produces<MonitorView>().WithName("GetMonitor").WithSummary("A monitor with its settings.");
        monitors.MapPut("", async (Caller caller, MonitorId id, MonitorSettings request, IfMatch match, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.ChangeAsync(caller, id, request, match.Version, cancellationToken)).ToHttp(View))
            .Produces<MonitorView>().WithName("ChangeMonitor").WithSummary("Changes a monitor's settings; what it has measured stays as it was measured.");
        monitors.MapPost("archive", async (Caller caller, MonitorId id, IfMatch match, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.ArchiveAsync(caller, id, match.Version, cancellationToken)).ToHttp(View))
            .Produces<MonitorView>().WithName("ArchiveMonitor").WithSummary("Puts a monitor away with its schedule; what it has measured stays.");
        monitors.MapGet("runs", async (Caller caller, MonitorId id, MonitorHistory history, CancellationToken cancellationToken, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 60) =>
            (await history.RunsAsync(caller, id, from, to, limit, cancellationToken)).Map(items => new MonitorRunList(items)).ToHttp())
            .Produces<MonitorRunList>().WithName("ListMonitorRuns").WithSummary("The latest measured windows with their scores, oldest first; 400 at most.");
        monitors.MapGet("series", async (
            Caller caller, MonitorId id, string signal, string method, MonitorHistory history, CancellationToken cancellationToken, string? column = null, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
            (Enum.TryParse<MonitorSignal>(signal, ignoreCase: true, out var wanted) && Enum.IsDefined(wanted)
                ? await history.SeriesAsync(caller, id, wanted, column, method, from, to, cancellationToken)
                : MonitoringErrors.NoSuchSignal(signal)).ToHttp())
            .Produces<MonitorSeries>().WithName("GetMonitorSeries").WithSummary("One number over a monitor's windows, with the coverage of each.");
        monitors.MapPost("runs", async (Caller caller, MonitorId id, MonitorStretch? request, MonitorDesk desk, CancellationToken cancellationToken) =>
            (await desk.RunAsync(caller, id, request ?? new MonitorStretch(), cancellationToken)).ToHttp())
            .Produces<MonitorJobView>().WithName("RunMonitor")
            .WithSummary("Measures now, as a job: the windows that have ended since, and those with late outcomes; or, with from and to, every window of that stretch anew.");
        endpoints.MapGet("/api/v1/monitor-runs/{id}", async (Caller caller, MonitorRunId id, MonitorHistory history, CancellationToken cancellationToken) =>
            (await history.RunAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<MonitorRunView>().WithTags("Monitoring").WithName("GetMonitorRun").WithSummary("One measured window with its scores, bins and distributions.");
    }

    private static MonitorView View(Versioned<EndpointMonitor> monitor) => new(monitor.Version, monitor.State);
}
