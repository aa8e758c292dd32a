using Microsoft.AspNetCore.Http;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;

namespace MlOpsPortal.MlflowApi;

/// <summary>Files: the proxy that clients send to and read from (<c>mlflow-artifacts</c>), and the lists and downloads of runs and versions.</summary>
internal static class ArtifactRoutes
{
    private const string Proxy = MlflowRoutes.Artifacts;

    public static void MapArtifacts(this MlflowRoutes routes)
    {
        routes.MapRaw(HttpMethods.Put, Proxy + "artifacts/{**path}", PutAsync);
        routes.MapRaw(HttpMethods.Get, Proxy + "artifacts/{**path}", call => SendAsync(call, Target(call, "artifacts")));
        routes.MapRaw(HttpMethods.Delete, Proxy + "artifacts/{**path}", DeleteAsync);
        routes.MapRaw(HttpMethods.Get, Proxy + "artifacts", ListProxyAsync);
        routes.MapRaw(HttpMethods.Get, Proxy + "presigned/{**path}", PresignedAsync);
        routes.Map(HttpMethods.Get, "artifacts/list",
            fields => (Run: fields.Required("run_id", "run_uuid"), Path: fields.Text("path")),
            async (call, request) => await Below(ArtifactOwner.Of(RunId.Parse(request.Run)), request.Path).ThenAsync(address => call.Desk<ArtifactDesk>().ListAsync(call.Caller, address, call.Aborted)),
            WriteFolder);
        foreach (var root in new[] { "/", MlflowRoutes.Api })
        {
            routes.MapRaw(HttpMethods.Get, root + "get-artifact", call => SendAsync(call, OfRun(call)));
            routes.MapRaw(HttpMethods.Get, root + "model-versions/get-artifact", OfVersionAsync);
        }

        routes.Map(HttpMethods.Post, "artifacts/presigned-upload-url", ReadPresigned, (call, request) => RefusePresignedAsync(call, request, "upload"));
        routes.Map(HttpMethods.Post, "artifacts/presigned-download-url", ReadPresigned, (call, request) => RefusePresignedAsync(call, request, "download"));
        routes.MapArtifactUploads();
    }

    /// <summary>The address in the path of the proxy; a path that is none is refused before anything is looked at.</summary>
    public static Result<ArtifactAddress> Target(MlflowCall call, string operation)
    {
        if (ArtifactTarget.After(call.Context, operation) is not { } raw || ArtifactPath.Decode(raw) is not { } path)
            return ArtifactErrors.InvalidPath();
        return ArtifactAddress.Of(path) is { } address ? address : ArtifactErrors.Nowhere(path.Text);
    }

    /// <summary>The address of a path below a run or model, as a query or body names it.</summary>
    public static Result<ArtifactAddress> Below(ArtifactOwner owner, string? path) =>
        ArtifactPath.Parse(path?.TrimEnd('/') ?? "") is { } parsed && (path is null || !path.StartsWith('/')) ? new ArtifactAddress(owner, parsed) : ArtifactErrors.InvalidPath();

    public static void WriteFolder(System.Text.Json.Utf8JsonWriter json, ArtifactFolder folder)
    {
        json.WriteString("root_uri", folder.RootUri);
        json.List("files", folder.Entries, (file, entry) => WriteEntry(file, entry, folder.Address.Path.IsRoot ? entry.Name : $"{folder.Address.Path.Text}/{entry.Name}"));
    }

    public static async Task<IResult> SendAsync(MlflowCall call, Result<ArtifactAddress> address)
    {
        var found = await address.ThenAsync(known => call.Desk<ArtifactDesk>().FindAsync(call.Caller, known, call.Aborted));
        return found.IsOk ? new ArtifactContent(found.Value) : MlflowAnswer.Refused(found.Refusal);
    }

    private static async Task<IResult> PutAsync(MlflowCall call)
    {
        call.AllowBody(null);
        var written = await Target(call, "artifacts").ThenAsync(
            address => call.Desk<ArtifactDesk>().WriteAsync(call.Caller, address, call.Context.Request.Body, call.Context.Request.ContentLength, call.Aborted));
        return MlflowAnswer.Of(written);
    }

    private static async Task<IResult> PresignedAsync(MlflowCall call)
    {
        var found = await Target(call, "presigned").ThenAsync(address => call.Desk<ArtifactDesk>().FindAsync(call.Caller, address, call.Aborted));
        return found.IsOk ? new Unserved("Multipart download is not supported for the current artifact repository") : MlflowAnswer.Refused(found.Refusal);
    }

    private static async Task<IResult> DeleteAsync(MlflowCall call) =>
        MlflowAnswer.Of(await Target(call, "artifacts").ThenAsync(address => call.Desk<ArtifactDesk>().DeleteAsync(call.Caller, address, call.Aborted)));

    /// <summary>Names only, not paths. What is not there has no files: clients ask for folders that may be none.</summary>
    private static async Task<IResult> ListProxyAsync(MlflowCall call)
    {
        var query = call.Context.Request.Query["path"].ToString();
        if (ArtifactPath.Parse(query.TrimEnd('/')) is not { } path || query.StartsWith('/'))
            return MlflowAnswer.Refused(ArtifactErrors.InvalidPath());
        if (ArtifactAddress.Of(path) is not { } address)
            return MlflowAnswer.Empty;
        var folder = await call.Desk<ArtifactDesk>().ListAsync(call.Caller, address, call.Aborted);
        if (folder.Refusal is NotFound)
            return MlflowAnswer.Empty;
        return MlflowAnswer.Of(folder, (json, found) => json.List("files", found.Entries, (file, entry) => WriteEntry(file, entry, entry.Name)));
    }

    private static Result<ArtifactAddress> OfRun(MlflowCall call)
    {
        var query = call.Context.Request.Query;
        var run = query["run_id"].ToString() is { Length: > 0 } id ? id : query["run_uuid"].ToString();
        if (run.Length == 0)
            return TrackingErrors.NoRun("None"); // in MLflow's words
        return query["path"].ToString() is { Length: > 0 } path ? Below(ArtifactOwner.Of(RunId.Parse(run)), path) : MlflowRefusals.Missing("path");
    }

    private static async Task<IResult> OfVersionAsync(MlflowCall call)
    {
        var query = call.Context.Request.Query;
        foreach (var field in new[] { "name", "version", "path" })
            if (query[field].ToString().Length == 0)
                return MlflowAnswer.Refused(MlflowRefusals.Missing(field));
        var root = await call.Desk<IVersionArtifacts>().FindAsync(call.Caller, query["name"].ToString(), query["version"].ToString(), call.Aborted);
        return await SendAsync(call, root.Then(folder => Within(folder, query["path"].ToString())));
    }

    private static Result<ArtifactAddress> Within(ArtifactAddress folder, string path)
    {
        var below = Below(folder.Owner, path);
        if (!below.IsOk)
            return below;
        return folder.Path.Join(below.Value.Path) is { } joined ? new ArtifactAddress(folder.Owner, joined) : ArtifactErrors.InvalidPath();
    }

    private static (string? Run, string? Model, string Path) ReadPresigned(MlflowFields fields) => (fields.Text("run_id"), fields.Text("model_id"), fields.Required("path"));

    /// <summary>Whatever is asked for lies behind this proxy, and there are no addresses into the store for it.</summary>
    private static async Task<Result<Done>> RefusePresignedAsync(MlflowCall call, (string? Run, string? Model, string Path) request, string what)
    {
        if (string.IsNullOrEmpty(request.Run) == string.IsNullOrEmpty(request.Model))
            return new Validation("mlflow.one_of_run_and_model");
        var owner = string.IsNullOrEmpty(request.Run) ? ArtifactOwner.Of(LoggedModelId.Parse(request.Model)) : ArtifactOwner.Of(RunId.Parse(request.Run));
        var found = await Below(owner, request.Path).ThenAsync(address => call.Desk<ArtifactDesk>().ListAsync(call.Caller, address, call.Aborted));
        return found.IsOk ? new Validation("mlflow.presigned", what == "upload" ? "Presigned upload" : "Presigned download") : found.Refusal;
    }

    private static void WriteEntry(System.Text.Json.Utf8JsonWriter json, ArtifactEntry entry, string path)
    {
        json.WriteString("path", path);
        json.WriteBoolean("is_dir", entry.IsFolder);
        json.Optional("file_size", entry.Length);
    }

    /// <summary>501: the client takes another way.</summary>
    private sealed class Unserved(string message) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => MlflowErrors.WriteAsync(httpContext, StatusCodes.Status501NotImplemented, "NOT_IMPLEMENTED", message);
    }
}
