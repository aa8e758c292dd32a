using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.MlflowApi;

/// <summary>Files in parts. Each part goes to an address of its own, which carries a ticket in place of a token: MLflow's client sends none there.</summary>
internal static class ArtifactUploadRoutes
{
    private const string Part = MlflowRoutes.Artifacts + "mpu/part/";

    public static void MapArtifactUploads(this MlflowRoutes routes)
    {
        routes.MapRaw(HttpMethods.Post, MlflowRoutes.Artifacts + "mpu/create/{**path}", BeginAsync);
        routes.MapRaw(HttpMethods.Post, MlflowRoutes.Artifacts + "mpu/complete/{**path}", CompleteAsync);
        routes.MapRaw(HttpMethods.Post, MlflowRoutes.Artifacts + "mpu/abort/{**path}", AbortAsync);
        routes.MapOpen(HttpMethods.Put, Part + "{ticket}", PutPartAsync);
    }

    private static async Task<IResult> BeginAsync(MlflowCall call)
    {
        var read = await call.ReadAsync();
        if (!read.IsOk)
            return MlflowAnswer.Refused(read.Refusal);
        var (path, parts) = (read.Value.Required("path"), read.Value.Int64("num_parts") ?? 1);
        if (read.Value.Fault is { } fault)
            return MlflowAnswer.Refused(fault);
        var begun = await File(call, "mpu/create", path).ThenAsync(address => call.Desk<ArtifactUploadDesk>().BeginAsync(call.Caller, address, parts, call.Aborted));
        var request = call.Context.Request;
        var root = $"{request.Scheme}://{request.Host}{request.PathBase}{Part}";
        return MlflowAnswer.Of(begun, (json, upload) =>
        {
            json.WriteString("upload_id", upload.Id);
            json.WriteStartArray("credentials");
            for (var number = 1; number <= upload.Tickets.Length; number++)
            {
                json.WriteStartObject();
                json.WriteString("url", root + upload.Tickets[number - 1]);
                json.WriteNumber("part_number", number);
                json.WriteStartObject("headers");
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task<IResult> CompleteAsync(MlflowCall call)
    {
        var read = await call.ReadAsync();
        if (!read.IsOk)
            return MlflowAnswer.Refused(read.Refusal);
        var fields = read.Value;
        var (path, upload) = (fields.Required("path"), fields.Text("upload_id") ?? "");
        var parts = fields.Items("parts");
        if (parts.IsEmpty)
            fields.Missing("parts");
        var numbers = parts.Select(part => part.Int64("part_number") ?? 0).ToArray();
        if (fields.Fault is { } fault)
            return MlflowAnswer.Refused(fault);
        return MlflowAnswer.Of(await File(call, "mpu/complete", path).ThenAsync(address => call.Desk<ArtifactUploadDesk>().CompleteAsync(call.Caller, address, upload, [.. numbers], call.Aborted)));
    }

    private static async Task<IResult> AbortAsync(MlflowCall call)
    {
        var read = await call.ReadAsync();
        if (!read.IsOk)
            return MlflowAnswer.Refused(read.Refusal);
        var (path, upload) = (read.Value.Required("path"), read.Value.Text("upload_id") ?? "");
        if (read.Value.Fault is { } fault)
            return MlflowAnswer.Refused(fault);
        return MlflowAnswer.Of(await File(call, "mpu/abort", path).ThenAsync(_ => call.Desk<ArtifactUploadDesk>().AbortAsync(call.Caller, upload, call.Aborted)));
    }

    private static async Task<IResult> PutPartAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var desk = (ArtifactUploadDesk)context.RequestServices.GetService(typeof(ArtifactUploadDesk))!; // registered with its module
        var ticket = (string)context.Request.RouteValues["ticket"]!; // the pattern has it
        return MlflowAnswer.Of(await desk.PutPartAsync(ticket, context.Request.Body, context.Request.ContentLength, context.RequestAborted));
    }

    /// <summary>The folder is in the address, the file's name in the body: of a path on the client's machine, so the last part of it.</summary>
    private static Result<ArtifactAddress> File(MlflowCall call, string operation, string local)
    {
        var name = local[(local.LastIndexOfAny(['/', '\\']) + 1)..];
        return ArtifactRoutes.Target(call, operation).Then<ArtifactAddress>(folder =>
            name.Length > 0 && ArtifactPath.Parse(name) is { } file && folder.Path.Join(file) is { } path ? folder with { Path = path } : ArtifactErrors.InvalidPath());
    }
}
