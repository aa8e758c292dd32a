using System.Globalization;
using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Registry;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>model-versions/…</c></summary>
internal static class VersionRoutes
{
    private const int DefaultVersions = 10_000;

    public static void MapModelVersions(this MlflowRoutes routes)
    {
        routes.Map("POST", "model-versions/create",
            fields => new NewRegisteredVersion(
                fields.Required("name"), fields.Required("source"), fields.Text("run_id"), fields.Text("model_id"), fields.Pairs("tags"), fields.Text("run_link") ?? "", fields.Text("description") ?? ""),
            (call, request) => call.Desk<VersionDesk>().CreateAsync(call.Caller, request, call.Aborted), WriteWithAliases);
        routes.Map("GET", "model-versions/get", Named,
            (call, version) => call.Desk<VersionDesk>().GetAsync(call.Caller, version.Name, version.Version, call.Aborted), WriteWithAliases);
        routes.Map("GET", "model-versions/get-download-uri", Named,
            (call, version) => call.Desk<VersionDesk>().GetAsync(call.Caller, version.Name, version.Version, call.Aborted),
            (json, version) => json.WriteString("artifact_uri", version.Storage));
        routes.Map("PATCH", "model-versions/update",
            fields => (Which: Named(fields), Description: fields.Text("description")),
            (call, request) => call.Desk<VersionDesk>().DescribeAsync(call.Caller, request.Which.Name, request.Which.Version, request.Description, call.Aborted), WriteWithAliases);
        routes.Map("DELETE", "model-versions/delete", Named,
            (call, version) => call.Desk<VersionDesk>().DeleteAsync(call.Caller, version.Name, version.Version, call.Aborted));
        routes.Map("POST", "model-versions/set-tag",
            fields => (Which: Named(fields), Key: fields.Required("key"), Value: fields.Text("value") ?? ""),
            (call, tag) => call.Desk<VersionDesk>().SetTagAsync(call.Caller, tag.Which.Name, tag.Which.Version, tag.Key, tag.Value, call.Aborted));
        routes.Map("DELETE", "model-versions/delete-tag",
            fields => (Which: Named(fields), Key: fields.Required("key")),
            (call, tag) => call.Desk<VersionDesk>().DeleteTagAsync(call.Caller, tag.Which.Name, tag.Which.Version, tag.Key, call.Aborted));
        routes.Map("GET", "model-versions/search",
            fields => RegistryRoutes.Search(fields, DefaultVersions),
            (call, search) => call.Desk<RegistrySearchDesk>().VersionsAsync(call.Caller, search, call.Aborted),
            (json, found) =>
            {
                json.List("model_versions", found.Items, (one, version) => Write(one, version, withAliases: false));
                json.Optional("next_page_token", found.NextPageToken);
            });
        routes.Map("POST", "model-versions/transition-stage",
            fields => (Which: Named(fields), Stage: fields.Required("stage"), Archive: fields.Flag("archive_existing_versions") ?? false),
            TransitionAsync, WriteWithAliases);
    }

    /// <summary>As MLflow has it: aliases are written where one version was asked for, and left out of lists.</summary>
    internal static void Write(Utf8JsonWriter json, RegisteredVersion version, bool withAliases)
    {
        json.WriteString("name", version.Name);
        json.WriteString("version", Number(version.Number));
        json.Optional("creation_timestamp", version.CreatedAt);
        json.Optional("last_updated_timestamp", version.UpdatedAt);
        json.WriteString("current_stage", version.Stage.ToString());
        json.Optional("description", version.Description);
        json.WriteString("source", version.Source);
        json.Optional("run_id", version.RunId);
        json.WriteString("status", "READY");
        json.Pairs("tags", version.Tags);
        json.Optional("run_link", version.RunLink);
        if (!withAliases || version.Aliases.IsEmpty)
            return;
        json.WriteStartArray("aliases");
        foreach (var alias in version.Aliases)
            json.WriteStringValue(alias);
        json.WriteEndArray();
    }

    internal static void WriteWithAliases(Utf8JsonWriter json, RegisteredVersion version) => json.Nested("model_version", version, (one, only) => Write(one, only, withAliases: true));

    internal static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Says where a request that was recorded instead is decided, as an address that a person can open.</summary>
    internal static Result<T> Addressed<T>(MlflowCall call, Result<T> result)
    {
        if (result.Refusal is not Forbidden { Code: RegistryErrors.NeedsApprovalCode, Args: [var what, var page] } refusal)
            return result;
        var request = call.Context.Request;
        var slug = call.Context.User.FindFirst(Platform.Tenancy.CallerClaims.TenantSlug)?.Value;
        return refusal with { Args = [what, $"{request.Scheme}://{request.Host}/t/{slug}{page}"] };
    }

    private static (string Name, string Version) Named(MlflowFields fields) => (fields.Required("name"), fields.Required("version"));

    private static async Task<Result<RegisteredVersion>> TransitionAsync(MlflowCall call, ((string Name, string Version) Which, string Stage, bool Archive) request)
    {
        if (ModelStages.Parse(request.Stage) is not { } stage)
            return RegistryErrors.Stage(request.Stage);
        if (request.Archive && !stage.IsActive())
            return RegistryErrors.ArchiveFlag(request.Stage);
        var version = await call.Desk<VersionDesk>().GetAsync(call.Caller, request.Which.Name, request.Which.Version, call.Aborted);
        if (!version.IsOk)
            return version.Refusal;
        var move = new Move(MoveKind.Stage, stage.ToString(), version.Value.Number) { ArchiveOthers = request.Archive };
        var moved = Addressed(call, await call.Desk<MoveDesk>().MoveAsync(call.Caller, request.Which.Name, move, call.Aborted));
        return moved.Then<RegisteredVersion>(done => done.Version is { } after ? after : RegistryErrors.NoVersion(request.Which.Name, request.Which.Version));
    }
}
