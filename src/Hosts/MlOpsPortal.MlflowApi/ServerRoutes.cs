using Microsoft.AspNetCore.Http;
using MlOpsPortal.MlflowApi.Wire;

namespace MlOpsPortal.MlflowApi;

/// <summary>What a client asks about the server itself.</summary>
internal static class ServerRoutes
{
    /// <summary>The MLflow whose contract is served; its client reads it as a version (PEP 440).</summary>
    public const string MlflowVersion = "3.17.2";

    public static void MapServer(this MlflowRoutes routes)
    {
        routes.MapRaw(HttpMethods.Get, "/version", _ => Task.FromResult(Results.Text(MlflowVersion)));
        routes.MapRaw(HttpMethods.Get, MlflowRoutes.Api3 + "server-info", _ => Task.FromResult(Features));
        routes.MapRaw(HttpMethods.Get, MlflowRoutes.Api + "server-features", _ => Task.FromResult(Features));
    }

    private static IResult Features { get; } = MlflowAnswer.Of(json =>
    {
        json.WriteString("store_type", "SqlStore"); // clients ask whether it is files, which warn of themselves
        json.WriteBoolean("workspaces_enabled", false);
        json.WriteBoolean("trace_archival_enabled", false);
    });
}
