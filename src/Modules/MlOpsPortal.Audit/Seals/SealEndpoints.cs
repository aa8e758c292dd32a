using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Seals;

/// <summary><c>/api/v1/audit/seal</c></summary>
internal static class SealEndpoints
{
    public static void MapSeals(this IEndpointRouteBuilder endpoints)
    {
        var seals = endpoints.MapGroup("/api/v1/audit/seal").WithTags("Audit");
        seals.MapGet("", async (Caller caller, SealDesk desk, CancellationToken cancellationToken) => (await desk.StateAsync(caller, cancellationToken)).ToHttp())
            .Produces<SealState>().WithName("GetAuditSeal").WithSummary("The last seal of the trail: note sequence and hash elsewhere, and a chain that is cut or written anew can be told later.");
        seals.MapGet("check", async (Caller caller, long? sequence, string? hash, SealDesk desk, CancellationToken cancellationToken) =>
            (await desk.CheckAsync(caller, sequence is null && hash is null ? null : new NotedSeal(sequence ?? 0, hash ?? ""), cancellationToken)).ToHttp())
            .Produces<SealCheck>().WithName("CheckAuditSeals").WithSummary("Reads the whole trail and tells whether it is as it was written, and whether it still holds a seal that was noted.");
    }
}
