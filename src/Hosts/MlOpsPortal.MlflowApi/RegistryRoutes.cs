using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>registered-models/…</c> but aliases.</summary>
internal static class RegistryRoutes
{
    private const int DefaultModels = 100;

    public static void MapRegisteredModels(this MlflowRoutes routes)
    {
        routes.Map("POST", "registered-models/create",
            fields => (Name: fields.Required("name"), Tags: fields.Pairs("tags"), Description: fields.Text("description")),
            (call, request) => call.Desk<RegistryDesk>().CreateAsync(call.Caller, request.Name, request.Tags, request.Description, call.Aborted), WriteModel);
        routes.Map("GET", "registered-models/get",
            fields => fields.Required("name"),
            (call, name) => call.Desk<RegistryDesk>().GetAsync(call.Caller, name, call.Aborted), WriteModel);
        routes.Map("POST", "registered-models/rename",
            fields => (Name: fields.Required("name"), NewName: fields.Required("new_name")),
            (call, request) => call.Desk<RegistryDesk>().RenameAsync(call.Caller, request.Name, request.NewName, call.Aborted), WriteModel);
        routes.Map("PATCH", "registered-models/update",
            fields => (Name: fields.Required("name"), Description: fields.Text("description")),
            (call, request) => call.Desk<RegistryDesk>().DescribeAsync(call.Caller, request.Name, request.Description, call.Aborted), WriteModel);
        routes.Map<string, DeletedModel>("DELETE", "registered-models/delete",
            fields => fields.Required("name"),
            (call, name) => call.Desk<RegistryDesk>().DeleteAsync(call.Caller, name, call.Aborted));
        routes.Map("POST", "registered-models/set-tag",
            fields => (Name: fields.Required("name"), Key: fields.Required("key"), Value: fields.Text("value") ?? ""),
            (call, tag) => call.Desk<RegistryDesk>().SetTagAsync(call.Caller, tag.Name, tag.Key, tag.Value, call.Aborted));
        routes.Map("DELETE", "registered-models/delete-tag",
            fields => (Name: fields.Required("name"), Key: fields.Required("key")),
            (call, tag) => call.Desk<RegistryDesk>().DeleteTagAsync(call.Caller, tag.Name, tag.Key, call.Aborted));
        routes.Map("GET", "registered-models/search",
            fields => Search(fields, DefaultModels),
            (call, search) => call.Desk<RegistrySearchDesk>().ModelsAsync(call.Caller, search, call.Aborted),
            (json, found) =>
            {
                json.List("registered_models", found.Items, Write);
                json.Optional("next_page_token", found.NextPageToken);
            });
        // Old clients ask by GET.
        foreach (var method in (string[])["POST", "GET"])
            routes.Map(method, "registered-models/get-latest-versions",
                fields => (Name: fields.Required("name"), Stages: fields.Texts("stages")),
                (call, request) => call.Desk<RegistryDesk>().LatestAsync(call.Caller, request.Name, request.Stages, call.Aborted),
                (json, versions) => json.List("model_versions", versions, (one, version) => VersionRoutes.Write(one, version, withAliases: true)));
    }

    internal static RegistrySearch Search(MlflowFields fields, int results) => new(
        fields.Text("filter"), [.. fields.Texts("order_by")], (int)Math.Clamp(fields.Int64("max_results") ?? results, int.MinValue, int.MaxValue), fields.Text("page_token"));

    private static void WriteModel(Utf8JsonWriter json, RegisteredModel model) => json.Nested("registered_model", model, Write);

    private static void Write(Utf8JsonWriter json, RegisteredModel model)
    {
        json.WriteString("name", model.Name);
        json.WriteString("project_id", model.Project.ToString()); // ours: MLflow's clients pass over it
        json.Optional("creation_timestamp", model.CreatedAt);
        json.Optional("last_updated_timestamp", model.UpdatedAt);
        json.Optional("description", model.Description);
        json.List("latest_versions", model.Latest, (one, version) => VersionRoutes.Write(one, version, withAliases: false));
        json.Pairs("tags", model.Tags);
        json.List("aliases", model.Aliases, (one, alias) =>
        {
            one.WriteString("alias", alias.Alias);
            one.WriteString("version", VersionRoutes.Number(alias.Number));
        });
    }
}
