using System.Collections.Frozen;
using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Inputs;
using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>runs/…</c></summary>
internal static class RunRoutes
{
    private static readonly FrozenDictionary<string, (int Number, RunStatus Value)> Statuses =
        Enum.GetValues<RunStatus>().ToFrozenDictionary(status => status.ToString().ToUpperInvariant(), status => ((int)status, status), StringComparer.Ordinal);

    public static void MapRuns(this MlflowRoutes routes)
    {
        routes.Map("POST", "runs/create",
            fields => new CreateRun(fields.Text("experiment_id"), fields.Text("user_id"), fields.Text("run_name"), fields.Int64("start_time"), fields.Pairs("tags")),
            (call, request) => call.Desk<RunDesk>().CreateAsync(call.Caller, request, call.Aborted),
            (json, run) => json.Nested("run", run, (inner, created) => WriteRun(inner, created, outputs: false)));
        routes.Map("GET", "runs/get", Id,
            (call, id) => call.Desk<RunDesk>().GetAsync(call.Caller, id, call.Aborted),
            (json, run) => json.Nested("run", run, Write));
        routes.Map("POST", "runs/update",
            fields => (Id: Id(fields), Update: new UpdateRun(fields.Word("status", Statuses), fields.Int64("end_time"), fields.Text("run_name"))),
            (call, request) => call.Desk<RunDesk>().UpdateAsync(call.Caller, request.Id, request.Update, call.Aborted),
            (json, info) => json.Nested("run_info", info, Write));
        routes.Map<string, DeletedRun>("POST", "runs/delete", Id, (call, id) => call.Desk<RunDesk>().DeleteAsync(call.Caller, id, call.Aborted));
        routes.Map<string, Done>("POST", "runs/restore", Id, (call, id) => call.Desk<RunDesk>().RestoreAsync(call.Caller, id, call.Aborted));
        routes.Map("POST", "runs/delete-tag",
            fields => (Id: Id(fields), Key: fields.Required("key")),
            (call, tag) => call.Desk<RunDesk>().DeleteTagAsync(call.Caller, tag.Id, tag.Key, call.Aborted));
        routes.Map("POST", "runs/log-model",
            fields => (Id: Id(fields), Model: fields.Required("model_json")),
            (call, request) => call.Desk<RunDesk>().LogModelAsync(call.Caller, request.Id, request.Model, call.Aborted));
        routes.Map("POST", "runs/log-inputs",
            fields => (Id: Id(fields), Datasets: fields.Items("datasets").Select(Dataset).ToArray(), Models: fields.Items("models").Select(model => model.Required("model_id")).ToArray()),
            (call, request) => call.Desk<InputDesk>().LogInputsAsync(call.Caller, request.Id, [.. request.Datasets], [.. request.Models], call.Aborted));
        routes.Map("POST", "runs/outputs",
            fields => (Id: Id(fields), Models: Outputs(fields)),
            (call, request) => call.Desk<InputDesk>().LogOutputsAsync(call.Caller, request.Id, [.. request.Models], call.Aborted));
        routes.MapLogging();
    }

    /// <summary>Old clients call it run_uuid, and all send both.</summary>
    internal static string Id(MlflowFields fields) => fields.Text("run_id") is { Length: > 0 } id ? id : fields.Text("run_uuid") is { Length: > 0 } old ? old : fields.Required("run_id");

    internal static void Write(Utf8JsonWriter json, Run run) => WriteRun(json, run, outputs: true);

    private static void WriteRun(Utf8JsonWriter json, Run run, bool outputs)
    {
        json.Nested("info", run.Info, Write);
        json.Nested("data", run, static (data, inner) =>
        {
            data.List("metrics", inner.Metrics, Write);
            data.Pairs("params", inner.Params);
            data.Pairs("tags", inner.Tags);
        });
        json.Nested("inputs", run.Inputs, static (writer, inputs) =>
        {
            writer.List("dataset_inputs", inputs.Datasets, Write);
            writer.List("model_inputs", inputs.Models, static (model, id) => model.WriteString("model_id", id));
        });
        if (outputs)
            json.Nested("outputs", run.Inputs, static (writer, inputs) => writer.List("model_outputs", inputs.Outputs, static (model, output) =>
            {
                model.WriteString("model_id", output.ModelId);
                model.WriteNumber("step", output.Step);
            }));
    }

    internal static void Write(Utf8JsonWriter json, Metric metric)
    {
        json.WriteString("key", metric.Key);
        json.Double("value", metric.Value);
        json.WriteNumber("timestamp", metric.Timestamp);
        json.WriteNumber("step", metric.Step);
    }

    private static void Write(Utf8JsonWriter json, RunInfo info)
    {
        json.WriteString("run_uuid", info.Id.ToString());
        json.WriteString("experiment_id", info.Experiment.ToString());
        json.WriteString("run_name", info.Name);
        json.WriteString("user_id", info.UserId);
        json.WriteString("status", info.Status.ToString().ToUpperInvariant());
        json.WriteNumber("start_time", info.StartTime);
        json.Optional("end_time", info.EndTime);
        json.WriteString("artifact_uri", info.ArtifactUri);
        json.WriteString("lifecycle_stage", ExperimentRoutes.Lifecycle(info.Deleted));
        json.WriteString("run_id", info.Id.ToString());
    }

    private static void Write(Utf8JsonWriter json, DatasetInput input)
    {
        json.Pairs("tags", input.Tags);
        json.Nested("dataset", input.Dataset, static (dataset, value) =>
        {
            dataset.WriteString("name", value.Name);
            dataset.WriteString("digest", value.Digest);
            dataset.WriteString("source_type", value.SourceType);
            dataset.WriteString("source", value.Source);
            dataset.Optional("schema", value.Schema);
            dataset.Optional("profile", value.Profile);
        });
    }

    private static DatasetInput Dataset(MlflowFields fields)
    {
        if (fields.Item("dataset") is { } dataset)
            return new DatasetInput(
                new RunDataset(
                    dataset.Required("name"), dataset.Required("digest"), dataset.Required("source_type"), dataset.Required("source"), dataset.Text("schema"), dataset.Text("profile")),
                fields.Pairs("tags"));
        fields.Missing("dataset");
        return new DatasetInput(new RunDataset("", "", "", "", null, null), []);
    }

    private static ModelOutput[] Outputs(MlflowFields fields)
    {
        if (!fields.Has("models"))
            fields.Missing("models");
        return [.. fields.Items("models").Select(model => new ModelOutput(model.Required("model_id"), model.Int64("step") ?? 0))];
    }
}
