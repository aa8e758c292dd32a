using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Bridge;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry;

/// <summary>A comment under a decision.</summary>
public sealed record MoveComment(string? Comment);

/// <summary>Which moves need an approval.</summary>
public sealed record NewGovernanceRule(ImmutableArray<string> ProtectedAliases, bool ProtectStages);

/// <summary>A list that is whole.</summary>
public sealed record WholeList<T>(ImmutableArray<T> Items);

/// <summary>What MLflow's API has no words for: history, requests, rules, restoring, and becoming a portal model.</summary>
internal static class RegistryEndpoints
{
    public static void MapRegistered(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/api/v1/registered-models").WithTags("Registry");
        models.MapGet("{model}/history", async (Caller caller, string model, RegistryDesk desk, CancellationToken cancellationToken) =>
            (await desk.HistoryAsync(caller, model, cancellationToken)).Map(items => new WholeList<Movement>(items)).ToHttp())
            .Produces<WholeList<Movement>>().WithName("ListMovements").WithSummary("Where aliases and stages of a registered model moved, by whom, the newest first.");
        models.MapGet("{model}/versions/{number:int}", async (Caller caller, string model, int number, VersionDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, model, Text(number), cancellationToken)).ToHttp())
            .Produces<RegisteredVersion>().WithName("GetRegisteredVersion").WithSummary("A registered version with its fixed content and the portal model version it has become.");
        models.MapPost("{model}/versions/{number:int}/restore", async (Caller caller, string model, int number, VersionDesk desk, CancellationToken cancellationToken) =>
            (await desk.RestoreAsync(caller, model, number, cancellationToken)).ToHttp())
            .Produces<RegisteredVersion>().WithName("RestoreRegisteredVersion").WithSummary("Brings a deleted version back, without the aliases it had.");
        models.MapPost("{model}/versions/{number:int}/portal-model", async (Caller caller, string model, int number, BridgeDesk desk, CancellationToken cancellationToken) =>
            (await desk.FromVersionAsync(caller, model, Text(number), cancellationToken)).ToHttp())
            .Produces<PortalVersionLink>().WithName("BridgeRegisteredVersion").WithSummary("Makes an ONNX version a version of the portal model of the same name.");
        models.MapPost("deleted/{deleted}/restore", async (Caller caller, RegisteredModelId deleted, RegistryDesk desk, CancellationToken cancellationToken) =>
            (await desk.RestoreAsync(caller, deleted, cancellationToken)).ToHttp())
            .Produces<RegisteredModel>().WithName("RestoreRegisteredModel").WithSummary("Brings a deleted registered model back, if its name is still free.");
    }

    public static void MapMoveRequests(this IEndpointRouteBuilder endpoints)
    {
        var requests = endpoints.MapGroup("/api/v1/move-requests").WithTags("Registry");
        requests.MapGet("", async (Caller caller, bool? all, MoveDesk desk, CancellationToken cancellationToken) => new WholeList<MoveRequest>(await desk.ListAsync(caller, all != true, cancellationToken)))
            .Produces<WholeList<MoveRequest>>().WithName("ListMoveRequests").WithSummary("Requests to move protected aliases and stages, the newest first; those that wait, or all.");
        requests.MapGet("{id}", async (Caller caller, MoveRequestId id, MoveDesk desk, CancellationToken cancellationToken) => (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<MoveRequest>().WithName("GetMoveRequest").WithSummary("A request to move a protected alias or a stage.");
        requests.MapPost("{id}/approve", async (Caller caller, MoveRequestId id, MoveComment request, MoveDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApproveAsync(caller, id, request.Comment ?? "", cancellationToken)).ToHttp())
            .Produces<MoveRequest>().WithName("ApproveMove").WithSummary("Approves somebody else's request and carries the move out.");
        requests.MapPost("{id}/reject", async (Caller caller, MoveRequestId id, MoveComment request, MoveDesk desk, CancellationToken cancellationToken) =>
            (await desk.RejectAsync(caller, id, request.Comment ?? "", cancellationToken)).ToHttp())
            .Produces<MoveRequest>().WithName("RejectMove").WithSummary("Rejects somebody else's request; nothing moves.");
        requests.MapPost("{id}/withdraw", async (Caller caller, MoveRequestId id, MoveDesk desk, CancellationToken cancellationToken) =>
            (await desk.WithdrawAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<MoveRequest>().WithName("WithdrawMove").WithSummary("Takes one's own request back.");
        var rules = endpoints.MapGroup("/api/v1/settings/registry").WithTags("Registry");
        rules.MapGet("", (Caller caller, GovernanceDesk desk, CancellationToken cancellationToken) => desk.GetAsync(caller, cancellationToken))
            .Produces<GovernanceRule>().WithName("GetRegistryRules").WithSummary("Which aliases are protected, and whether stages are.");
        rules.MapPut("", async (Caller caller, NewGovernanceRule rule, GovernanceDesk desk, CancellationToken cancellationToken) =>
            (await desk.SetAsync(caller, rule.ProtectedAliases.IsDefault ? [] : rule.ProtectedAliases, rule.ProtectStages, cancellationToken)).ToHttp())
            .Produces<GovernanceRule>().WithName("SetRegistryRules").WithSummary("Says which aliases are protected, and whether stages are.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
