using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Comments;

/// <summary><c>/api/v1/projects/{id}/comments</c>.</summary>
internal static class CommentEndpoints
{
    public sealed record CommentText(string Text);

    public static void MapComments(this IEndpointRouteBuilder endpoints)
    {
        var comments = endpoints.MapGroup("/api/v1/projects/{id}/comments").WithTags("Comments");
        comments.MapGet("", async (Caller caller, ScopeId id, string kind, string subject, CommentDesk desk, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
            (await desk.ListAsync(caller, id, kind, subject, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<Comment>>().WithName("ListComments").WithSummary("What was said about a project, kpi, dataset, modelVersion, release or alert of this project, newest first.");
        comments.MapPost("", async (Caller caller, ScopeId id, NewComment request, CommentDesk desk, CancellationToken cancellationToken) =>
            (await desk.PostAsync(caller, id, request, cancellationToken)).ToCreated(comment => $"/api/v1/projects/{id}/comments/{comment.Id}"))
            .Produces<Comment>(StatusCodes.Status201Created).WithName("PostComment").WithSummary("Says something in plain text. @Full Name or @e-mail tells that person, if she may see the thing.");
        comments.MapGet("people", async (Caller caller, ScopeId id, string kind, string subject, CommentDesk desk, CancellationToken cancellationToken) =>
            (await desk.MentionableAsync(caller, id, kind, subject, cancellationToken)).ToHttp())
            .Produces<ImmutableArray<Mentionable>>().WithName("ListMentionable").WithSummary("Who can be named in a comment there.");
        comments.MapPut("{comment}", async (Caller caller, ScopeId id, CommentId comment, CommentText request, CommentDesk desk, CancellationToken cancellationToken) =>
            (await desk.EditAsync(caller, id, comment, request.Text, cancellationToken)).ToHttp())
            .Produces<Comment>().WithName("EditComment").WithSummary("Changes your own comment.");
        comments.MapPost("{comment}/archive", async (Caller caller, ScopeId id, CommentId comment, CommentDesk desk, CancellationToken cancellationToken) =>
            (await desk.ArchiveAsync(caller, id, comment, cancellationToken)).ToHttp())
            .Produces<Comment>().WithName("ArchiveComment").WithSummary("Takes your own comment away; you can bring it back.");
        comments.MapPost("{comment}/restore", async (Caller caller, ScopeId id, CommentId comment, CommentDesk desk, CancellationToken cancellationToken) =>
            (await desk.RestoreAsync(caller, id, comment, cancellationToken)).ToHttp())
            .Produces<Comment>().WithName("RestoreComment").WithSummary("Brings your own comment back.");
    }
}
