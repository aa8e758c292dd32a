using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.LoggedModels;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>logged-models</c>: what MLflow 3's <c>log_model</c> makes before it uploads.</summary>
internal static class LoggedModelRoutes
{
    private static readonly Dictionary<string, (int Number, LoggedModelStatus Value)> Statuses = new(StringComparer.Ordinal)
    {
        ["LOGGED_MODEL_STATUS_UNSPECIFIED"] = (0, LoggedModelStatus.Unspecified),
        ["LOGGED_MODEL_PENDING"] = (1, LoggedModelStatus.Pending),
        ["LOGGED_MODEL_READY"] = (2, LoggedModelStatus.Ready),
        ["LOGGED_MODEL_UPLOAD_FAILED"] = (3, LoggedModelStatus.UploadFailed),
    };

    public static void MapLoggedModels(this MlflowRoutes routes)
    {
        routes.Map(HttpMethods.Post, "logged-models", ReadNew, (call, request) => call.Desk<LoggedModelDesk>().CreateAsync(call.Caller, request, call.Aborted), WriteModel);
        routes.Map(HttpMethods.Post, "logged-models/search", ReadSearch, (call, request) => call.Desk<LoggedModelSearch>().SearchAsync(call.Caller, request, call.Aborted), WritePage);
        routes.Map(HttpMethods.Get, "logged-models/{model_id}",
            fields => fields.Text("allow_deleted") is { } said && said.Equals("true", StringComparison.OrdinalIgnoreCase),
            (call, orDeleted) => call.Desk<LoggedModelDesk>().GetAsync(call.Caller, call.Route("model_id"), orDeleted, call.Aborted), WriteModel);
        routes.Map(HttpMethods.Patch, "logged-models/{model_id}", ReadStatus,
            (call, status) => call.Desk<LoggedModelDesk>().FinalizeAsync(call.Caller, call.Route("model_id"), status, call.Aborted), WriteModel);
        routes.Map(HttpMethods.Delete, "logged-models/{model_id}", _ => 0, (call, _) => call.Desk<LoggedModelDesk>().DeleteAsync(call.Caller, call.Route("model_id"), call.Aborted));
        routes.Map(HttpMethods.Post, "logged-models/{model_id}/params", ReadParams,
            (call, given) => call.Desk<LoggedModelDesk>().LogParamsAsync(call.Caller, call.Route("model_id"), given, call.Aborted));
        routes.Map(HttpMethods.Patch, "logged-models/{model_id}/tags", fields => fields.Pairs("tags"),
            (call, tags) => call.Desk<LoggedModelDesk>().SetTagsAsync(call.Caller, call.Route("model_id"), tags, call.Aborted));
        routes.Map(HttpMethods.Delete, "logged-models/{model_id}/tags/{tag_key}", _ => 0,
            (call, _) => call.Desk<LoggedModelDesk>().DeleteTagAsync(call.Caller, call.Route("model_id"), Uri.UnescapeDataString(call.Route("tag_key")), call.Aborted));
        routes.Map(HttpMethods.Get, "logged-models/{model_id}/artifacts/directories", fields => fields.Text("artifact_directory_path"),
            async (call, path) => await ArtifactRoutes.Below(Owner(call), path).ThenAsync(address => call.Desk<ArtifactDesk>().ListAsync(call.Caller, address, call.Aborted)), ArtifactRoutes.WriteFolder);
        routes.MapRaw(HttpMethods.Get, MlflowRoutes.Api + "logged-models/{model_id}/artifacts/files", SendFileAsync);
    }

    public static void WriteModel(Utf8JsonWriter json, LoggedModel model) => json.Nested("model", model, Write);

    private static ArtifactOwner Owner(MlflowCall call) => ArtifactOwner.Of(LoggedModelId.Parse(call.Route("model_id")));

    private static Task<IResult> SendFileAsync(MlflowCall call) =>
        ArtifactRoutes.SendAsync(call, call.Context.Request.Query["artifact_file_path"].ToString() is { Length: > 0 } path ? ArtifactRoutes.Below(Owner(call), path) : MlflowRefusals.Missing("artifact_file_path"));

    private static CreateLoggedModel ReadNew(MlflowFields fields) => new(
        fields.Required("experiment_id"), fields.Text("name"), fields.Text("model_type") ?? "", fields.Text("source_run_id") ?? "", fields.Pairs("params"), fields.Pairs("tags"));

    private static ImmutableArray<KeyValuePair<string, string>> ReadParams(MlflowFields fields)
    {
        fields.Required("model_id");
        return fields.Pairs("params");
    }

    private static LoggedModelStatus ReadStatus(MlflowFields fields)
    {
        fields.Required("model_id");
        if (fields.Word("status", Statuses) is { } status)
            return status;
        fields.Missing("status");
        return default;
    }

    private static SearchLoggedModels ReadSearch(MlflowFields fields)
    {
        var experiments = fields.Texts("experiment_ids");
        if (experiments.IsEmpty)
            fields.Missing("experiment_ids");
        return new SearchLoggedModels(
            experiments, fields.Text("filter"),
            [.. fields.Items("datasets").Select(dataset => new DatasetFilter(dataset.Text("dataset_name") ?? "", Filled(dataset.Text("dataset_digest"))))],
            [.. fields.Items("order_by").Select(order => new LoggedModelOrder(order.Text("field_name") ?? "", order.Flag("ascending") ?? true, Filled(order.Text("dataset_name")), Filled(order.Text("dataset_digest"))))],
            fields.Int64("max_results"), fields.Text("page_token"));
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static void WritePage(Utf8JsonWriter json, LoggedModelPage page)
    {
        json.List("models", page.Models, Write);
        json.Optional("next_page_token", page.NextPageToken);
    }

    private static void Write(Utf8JsonWriter json, LoggedModel model)
    {
        json.WriteStartObject("info");
        json.WriteString("model_id", model.Id.ToString());
        json.WriteString("experiment_id", model.Experiment.ToString());
        json.WriteString("name", model.Name);
        json.WriteNumber("creation_timestamp_ms", model.CreatedMs);
        json.WriteNumber("last_updated_timestamp_ms", model.UpdatedMs);
        json.WriteString("artifact_uri", model.ArtifactUri);
        json.WriteString("status", Statuses.First(word => word.Value.Value == model.Status).Key);
        json.Optional("model_type", model.ModelType);
        json.Optional("source_run_id", model.SourceRunId);
        json.Optional("status_message", model.StatusMessage);
        json.List("tags", model.Tags, WritePair);
        json.WriteEndObject();
        json.WriteStartObject("data");
        json.List("params", model.Params, WritePair);
        json.List("metrics", model.Metrics, (point, metric) => WriteMetric(point, model.Id, metric));
        json.WriteEndObject();
    }

    private static void WritePair(Utf8JsonWriter json, KeyValuePair<string, string> pair)
    {
        json.WriteString("key", pair.Key);
        json.WriteString("value", pair.Value);
    }

    private static void WriteMetric(Utf8JsonWriter json, LoggedModelId model, LoggedModelMetric metric)
    {
        json.WriteString("key", metric.Key);
        json.Double("value", metric.Value);
        json.WriteNumber("timestamp", metric.Timestamp);
        json.WriteNumber("step", metric.Step);
        json.WriteString("model_id", model.ToString());
        json.Optional("dataset_name", metric.DatasetName);
        json.Optional("dataset_digest", metric.DatasetDigest);
        json.WriteString("run_id", metric.Run.ToString());
    }
}
