using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Registry.Aliases;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>registered-models/alias</c></summary>
internal static class AliasRoutes
{
    public static void MapAliases(this MlflowRoutes routes)
    {
        routes.Map("POST", "registered-models/alias",
            fields => (Name: fields.Required("name"), Alias: fields.Required("alias"), Version: fields.Required("version")),
            async (call, request) => VersionRoutes.Addressed(call, await call.Desk<AliasDesk>().SetAsync(call.Caller, request.Name, request.Alias, request.Version, call.Aborted)));
        routes.Map("DELETE", "registered-models/alias",
            fields => (Name: fields.Required("name"), Alias: fields.Required("alias")),
            async (call, request) => VersionRoutes.Addressed(call, await call.Desk<AliasDesk>().DeleteAsync(call.Caller, request.Name, request.Alias, call.Aborted)));
        routes.Map("GET", "registered-models/alias",
            fields => (Name: fields.Required("name"), Alias: fields.Required("alias")),
            (call, request) => call.Desk<AliasDesk>().GetAsync(call.Caller, request.Name, request.Alias, call.Aborted), VersionRoutes.WriteWithAliases);
    }
}
