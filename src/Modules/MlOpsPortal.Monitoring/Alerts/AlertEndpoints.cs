using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Rules, alerts and incidents over HTTP.</summary>
internal static class AlertEndpoints
{
    public sealed record AlertRuleList(ImmutableArray<AlertRuleView> Items);

    public sealed record IncidentList(ImmutableArray<Incident> Items);

    public sealed record OptionalNote(string? Note = null);

    public sealed record Remark(string Note);

    /// <param name="To">A member of the project; yourself when not given.</param>
    public sealed record Assignment(UserId? To = null);

    /// <param name="Until">At most 90 days away.</param>
    public sealed record Silence(DateTimeOffset Until, string Note);

    public static void MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        MapRules(endpoints);
        MapAlertList(endpoints);
        MapIncidents(endpoints);
    }

    private static void MapRules(IEndpointRouteBuilder endpoints)
    {
        var ofMonitor = endpoints.MapGroup("/api/v1/monitors/{id}/rules").WithTags("Alerts");
        ofMonitor.MapGet("", async (Caller caller, MonitorId id, AlertRuleDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, id, cancellationToken)).Map(items => new AlertRuleList(items)).ToHttp())
            .Produces<AlertRuleList>().WithName("ListAlertRules").WithSummary("The rules of a monitor; a new one comes with a set of them.");
        ofMonitor.MapPost("", async (Caller caller, MonitorId id, AlertRule request, AlertRuleDesk desk, CancellationToken cancellationToken) =>
            (await desk.AddAsync(caller, id, request, cancellationToken)).ToCreated(rule => $"/api/v1/alert-rules/{rule.Id}"))
            .Produces<AlertRuleView>(StatusCodes.Status201Created).WithName("AddAlertRule").WithSummary("Adds a rule: all conditions hold in so many of the latest windows.");
        ofMonitor.MapPost("preview", async (Caller caller, MonitorId id, AlertRule request, AlertRuleDesk desk, CancellationToken cancellationToken) =>
            (await desk.PreviewAsync(caller, id, request, cancellationToken)).ToHttp())
            .Produces<RulePreview>().WithName("PreviewAlertRule").WithSummary("When a rule would have fired on what was measured so far; nothing is kept.");
        var rules = endpoints.MapGroup("/api/v1/alert-rules/{id}").WithTags("Alerts");
        rules.MapPut("", async (Caller caller, AlertRuleId id, AlertRule request, IfMatch match, AlertRuleDesk desk, CancellationToken cancellationToken) =>
            (await desk.ChangeAsync(caller, id, request, match.Version, cancellationToken)).ToHttp())
            .Produces<AlertRuleView>().WithName("ChangeAlertRule").WithSummary("Changes a rule, or switches it off; it is looked at anew after the monitor's next run.");
        rules.MapDelete("", async (Caller caller, AlertRuleId id, IfMatch match, AlertRuleDesk desk, CancellationToken cancellationToken) =>
            (await desk.RemoveAsync(caller, id, match.Version, cancellationToken)).ToHttp())
            .Produces<Done>().WithName("RemoveAlertRule").WithSummary("Removes a rule; its open alerts are resolved after the monitor's next run.");
    }

    private static void MapAlertList(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/alerts", async (
            Caller caller, AlertDesk desk, CancellationToken cancellationToken, ProjectId? project = null, DeploymentId? endpoint = null, bool open = true, int? limit = null, string? cursor = null) =>
            (await desk.ListAsync(caller, project, endpoint, open, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<Alert>>().WithTags("Alerts").WithName("ListAlerts").WithSummary("Alerts of a project, an endpoint or all your projects, newest first.");
        var alerts = endpoints.MapGroup("/api/v1/alerts/{id}").WithTags("Alerts");
        alerts.MapGet("", async (Caller caller, AlertId id, AlertDesk desk, CancellationToken cancellationToken) => (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("GetAlert").WithSummary("An alert with its history.");
        alerts.MapPost("acknowledge", async (Caller caller, AlertId id, OptionalNote request, IfMatch match, AlertDesk desk, CancellationToken cancellationToken) =>
            (await desk.AcknowledgeAsync(caller, id, request.Note, match.Version, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("AcknowledgeAlert").WithSummary("Says that you know of it.");
        alerts.MapPost("assign", async (Caller caller, AlertId id, Assignment request, IfMatch match, AlertDesk desk, CancellationToken cancellationToken) =>
            (await desk.AssignAsync(caller, id, request.To, match.Version, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("AssignAlert").WithSummary("Makes somebody responsible; she is told, and has it in her work.");
        alerts.MapPost("silence", async (Caller caller, AlertId id, Silence request, IfMatch match, AlertDesk desk, CancellationToken cancellationToken) =>
            (await desk.SilenceAsync(caller, id, request.Until, request.Note, match.Version, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("SilenceAlert").WithSummary("Keeps it quiet until a time, with the reason.");
        alerts.MapPost("wake", async (Caller caller, AlertId id, IfMatch match, AlertDesk desk, CancellationToken cancellationToken) =>
            (await desk.WakeAsync(caller, id, match.Version, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("WakeAlert").WithSummary("Ends a silence before its time.");
        alerts.MapPost("resolve", async (Caller caller, AlertId id, Remark request, IfMatch match, AlertDesk desk, CancellationToken cancellationToken) =>
            (await desk.ResolveAsync(caller, id, request.Note, match.Version, cancellationToken)).ToHttp())
            .Produces<Alert>().WithName("ResolveAlert").WithSummary("Says that it is over; the same episode does not raise it again.");
    }

    private static void MapIncidents(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/incidents", async (
            Caller caller, IncidentDesk desk, CancellationToken cancellationToken, ProjectId? project = null, DeploymentId? endpoint = null, bool open = true) =>
            (await desk.ListAsync(caller, project, endpoint, open, cancellationToken)).Map(items => new IncidentList(items)).ToHttp())
            .Produces<IncidentList>().WithTags("Alerts").WithName("ListIncidents").WithSummary("Incidents of a project, an endpoint or all your projects, newest first.");
        var incidents = endpoints.MapGroup("/api/v1/incidents/{id}").WithTags("Alerts");
        incidents.MapGet("", async (Caller caller, IncidentId id, IncidentDesk desk, CancellationToken cancellationToken) => (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<IncidentView>().WithName("GetIncident").WithSummary("An incident: its alerts, and its evidence ranked by cause.");
        incidents.MapPost("way-back", async (Caller caller, IncidentId id, ChooseWayBack request, IfMatch match, IncidentDesk desk, CancellationToken cancellationToken) =>
            (await desk.ChooseAsync(caller, id, request, match.Version, cancellationToken)).ToHttp())
            .Produces<IncidentView>().WithName("ChooseWayBack").WithSummary("Reopens a stage with the incident attached, and leaves a task for who works on it.");
        incidents.MapPost("close", async (Caller caller, IncidentId id, Remark request, IfMatch match, IncidentDesk desk, CancellationToken cancellationToken) =>
            (await desk.CloseAsync(caller, id, request.Note, match.Version, cancellationToken)).ToHttp())
            .Produces<IncidentView>().WithName("CloseIncident").WithSummary("Says that it is over. It closes by itself when all its alerts are resolved.");
    }
}
