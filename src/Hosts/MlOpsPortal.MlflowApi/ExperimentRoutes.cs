using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Experiments;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>experiments/…</c></summary>
internal static class ExperimentRoutes
{
    public static void MapExperiments(this MlflowRoutes routes)
    {
        routes.Map("POST", "experiments/create",
            fields => new CreateExperiment(fields.Required("name"), fields.Text("artifact_location"), fields.Pairs("tags")),
            (call, request) => call.Desk<ExperimentDesk>().CreateAsync(call.Caller, request, call.Aborted),
            (json, id) => json.WriteString("experiment_id", id.ToString()));
        routes.Map("GET", "experiments/get",
            fields => fields.Required("experiment_id"),
            (call, id) => call.Desk<ExperimentDesk>().GetAsync(call.Caller, id, call.Aborted),
            (json, experiment) => json.Nested("experiment", experiment, Write));
        routes.Map("GET", "experiments/get-by-name",
            fields => fields.Required("experiment_name"),
            (call, name) => call.Desk<ExperimentDesk>().GetByNameAsync(call.Caller, name, call.Aborted),
            (json, experiment) => json.Nested("experiment", experiment, Write));
        routes.Map("POST", "experiments/update",
            fields => (Id: fields.Required("experiment_id"), Name: fields.Required("new_name")),
            (call, request) => call.Desk<ExperimentDesk>().RenameAsync(call.Caller, request.Id, request.Name, call.Aborted));
        routes.Map<string, DeletedExperiment>("POST", "experiments/delete",
            fields => fields.Required("experiment_id"),
            (call, id) => call.Desk<ExperimentDesk>().DeleteAsync(call.Caller, id, call.Aborted));
        routes.Map<string, Done>("POST", "experiments/restore",
            fields => fields.Required("experiment_id"),
            (call, id) => call.Desk<ExperimentDesk>().RestoreAsync(call.Caller, id, call.Aborted));
        routes.Map("POST", "experiments/set-experiment-tag",
            fields => (Id: fields.Required("experiment_id"), Key: fields.Required("key"), Value: fields.Text("value") ?? ""),
            (call, tag) => call.Desk<ExperimentDesk>().SetTagAsync(call.Caller, tag.Id, tag.Key, tag.Value, call.Aborted));
        routes.Map("POST", "experiments/delete-experiment-tag",
            fields => (Id: fields.Required("experiment_id"), Key: fields.Required("key")),
            (call, tag) => call.Desk<ExperimentDesk>().DeleteTagAsync(call.Caller, tag.Id, tag.Key, call.Aborted));
    }

    internal static void Write(Utf8JsonWriter json, Experiment experiment)
    {
        json.WriteString("experiment_id", experiment.Id.ToString());
        json.WriteString("name", experiment.Name);
        json.WriteString("artifact_location", experiment.ArtifactLocation);
        json.WriteString("lifecycle_stage", Lifecycle(experiment.IsDeleted));
        json.Optional("last_update_time", experiment.UpdatedAt);
        json.Optional("creation_time", experiment.CreatedAt);
        json.Pairs("tags", experiment.Tags);
        json.WriteString("workspace", "default");
        json.WriteString("project_id", experiment.Project.ToString()); // ours: MLflow's clients pass over it
    }

    internal static string Lifecycle(bool deleted) => deleted ? "deleted" : "active";
}
