using Markdig;
using Microsoft.Net.Http.Headers;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.Web.Components.Artifacts;

/// <summary>What the pages show of files: a download for the browser, and a view of images and of pages, which are rendered where nothing runs: without an origin of their own,
/// without scripts, without anything from elsewhere.</summary>
internal static class ArtifactViews
{
    private const string Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'";
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseTaskLists().UseAutoLinks().Build();

    public static void MapArtifactViews(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (noun, name, what) in new[] { ("runs", "Run", "a run"), ("logged-models", "LoggedModel", "a logged model") })
        {
            var artifacts = endpoints.MapGroup($"/api/v1/{noun}/{{owner}}/artifact").WithTags("Artifacts");
            artifacts.MapGet("", ContentAsync).Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream").WithName($"Download{name}Artifact").WithSummary($"A file of {what}, as an attachment.");
            artifacts.MapGet("view", ViewAsync).Produces<byte[]>(StatusCodes.Status200OK, "text/html").WithName($"View{name}Artifact")
                .WithSummary($"An image, a Markdown or an HTML file of {what}, to be shown where no script runs.");
        }
    }

    /// <summary>Where the browser finds them.</summary>
    public static string Content(ArtifactAddress address) => $"{Root(address.Owner)}?path={Uri.EscapeDataString(address.Path.Text)}";

    public static string View(ArtifactAddress address) => $"{Root(address.Owner)}/view?path={Uri.EscapeDataString(address.Path.Text)}";

    /// <param name="owner">A run's or a logged model's id.</param>
    /// <returns>Null for a path that is none.</returns>
    public static ArtifactAddress? Address(string owner, string? path)
    {
        var model = LoggedModelId.Parse(owner);
        return ArtifactPath.Parse(path ?? "") is { } parsed ? new(model == default ? ArtifactOwner.Of(RunId.Parse(owner)) : ArtifactOwner.Of(model), parsed) : null;
    }

    private static string Root(ArtifactOwner owner) => $"/api/v1/{(owner.IsModel ? "logged-models" : "runs")}/{owner}/artifact";

    private static async Task<IResult> ContentAsync(Caller caller, string owner, string? path, ArtifactDesk desk, HttpContext context)
    {
        if (Address(owner, path) is not { } address)
            return Refused(ArtifactErrors.InvalidPath());
        var found = await desk.FindAsync(caller, address, context.RequestAborted);
        if (!found.IsOk)
            return Refused(found.Refusal);
        Protect(context.Response, "attachment", found.Value.Path.Name);
        context.Response.ContentLength = found.Value.Length;
        return Results.Stream(await OpenAsync(desk, found.Value, context), "application/octet-stream");
    }

    private static async Task<IResult> ViewAsync(Caller caller, string owner, string? path, ArtifactDesk desk, ArtifactPreviews previews, HttpContext context)
    {
        if (Address(owner, path) is not { } address)
            return Refused(ArtifactErrors.InvalidPath());
        var found = await desk.FindAsync(caller, address, context.RequestAborted);
        if (!found.IsOk)
            return Refused(found.Refusal);
        var name = found.Value.Path.Name;
        Protect(context.Response, "inline", name);
        switch (ArtifactKinds.Of(name, found.Value.Length))
        {
            case ArtifactKind.Image:
                return Results.Stream(await OpenAsync(desk, found.Value, context), ArtifactKinds.ImageType(name));
            case ArtifactKind.Page when ArtifactKinds.IsMarkdown(name):
                var (text, _) = await previews.TextAsync(found.Value, context.RequestAborted);
                return Results.Content(Page(Markdig.Markdown.ToHtml(text ?? "This is no text.", Markdown)), "text/html; charset=utf-8");
            case ArtifactKind.Page:
                return Results.Stream(await OpenAsync(desk, found.Value, context), "text/html; charset=utf-8");
            default:
                return Refused(new Validation("tracking.artifact_no_view") { Kind = ValidationKind.WrongType });
        }
    }

    /// <summary>An empty file is not asked for: the store has no range of it.</summary>
    private static async Task<Stream> OpenAsync(ArtifactDesk desk, Artifact file, HttpContext context) =>
        file.Length == 0 ? Stream.Null : await desk.OpenAsync(file, 0, null, context.RequestAborted);

    private static IResult Refused(Refusal refusal) => new Result<Done> { Refusal = refusal }.ToHttp();

    private static void Protect(HttpResponse response, string how, string name)
    {
        var disposition = new ContentDispositionHeaderValue(how);
        disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XFrameOptions = "SAMEORIGIN";
        response.Headers.CacheControl = "private, no-cache";
    }

    /// <summary>The frame is its own document: it follows the system's theme, not the portal's.</summary>
    private static string Page(string body) =>
        $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title><style>
        :root{color-scheme:light dark}
        body{font:15px/1.6 system-ui,sans-serif;margin:16px;max-width:75ch;color:CanvasText;background:Canvas}
        pre,code{font-family:ui-monospace,monospace;font-size:13px}pre{overflow:auto;padding:12px;border:1px solid GrayText;border-radius:6px}
        table{border-collapse:collapse}td,th{border:1px solid GrayText;padding:4px 8px;text-align:left}img{max-width:100%}
        </style></head><body>{{body}}</body></html>
        """;
}
