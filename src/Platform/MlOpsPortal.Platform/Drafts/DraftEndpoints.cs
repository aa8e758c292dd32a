using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Drafts;

/// <summary><c>/api/v1/drafts</c>: the browser keeps what is typed here, beside the circuit, so that it is safe while the circuit is lost.</summary>
internal static class DraftEndpoints
{
    public sealed record DraftFields(ImmutableDictionary<string, string> Fields);

    public sealed record DraftKept(DateTimeOffset SavedAt);

    public static void MapDrafts(this IEndpointRouteBuilder endpoints)
    {
        var drafts = endpoints.MapGroup("/api/v1/drafts").WithTags("Drafts");
        drafts.MapGet("", async (Caller caller, string form, DraftDesk desk, CancellationToken cancellationToken) =>
            (await desk.FindAsync(caller, form, cancellationToken) is { } draft ? (Result<Draft>)draft : new NotFound()).ToHttp())
            .Produces<Draft>().WithName("GetDraft").WithSummary("What you typed into a form and did not save.");
        drafts.MapPut("", async (Caller caller, string form, DraftFields request, DraftDesk desk, CancellationToken cancellationToken) =>
            (await desk.KeepAsync(caller, form, request.Fields, cancellationToken)).Map(at => new DraftKept(at)).ToHttp())
            .Produces<DraftKept>().WithName("KeepDraft").WithSummary("Keeps what you typed until the form is saved.");
        drafts.MapDelete("", async (Caller caller, string form, DraftDesk desk, CancellationToken cancellationToken) =>
        {
            await desk.DiscardAsync(caller, form, cancellationToken);
            return TypedResults.NoContent();
        }).WithName("DiscardDraft").WithSummary("Forgets it.");
    }
}
