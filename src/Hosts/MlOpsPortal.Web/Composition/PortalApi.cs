using Microsoft.OpenApi;
using MlOpsPortal.Access;
using MlOpsPortal.Audit;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.MlflowApi;
using MlOpsPortal.Models;
using MlOpsPortal.Monitoring;
using MlOpsPortal.Platform;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry;
using MlOpsPortal.Tracking;
using MlOpsPortal.Web.Components.Artifacts;

namespace MlOpsPortal.Web.Composition;

/// <summary><c>/api/v1</c>: every module's endpoints, their OpenAPI document, and the middleware in front of them.</summary>
internal static class PortalApi
{
    private static readonly string[] ApiRoots = ["/api", "/v2", "/openapi", "/health"];

    public static IServiceCollection AddPortalApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "MlOpsPortal", Version = "v1", Description = "The portal's own API. It may still change until a first release is tagged." };
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));

    /// <summary>Programs get problem+json for whatever goes wrong, people a page.</summary>
    public static WebApplication UsePortalErrors(this WebApplication app)
    {
        app.UseWhen(MlflowApiModule.IsMlflow, mlflow => mlflow.UseMlflowErrors());
        app.UseWhen(context => IsApi(context) && !MlflowApiModule.IsMlflow(context), api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages(context => context.HttpContext.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => Problems.WriteAsync(context.HttpContext, new NotFound()),
                StatusCodes.Status415UnsupportedMediaType => Problems.WriteAsync(context.HttpContext, new Validation("body_wrong_type") { Kind = ValidationKind.WrongType }),
                _ => Task.CompletedTask,
            });
        });
        app.UseWhen(context => !IsApi(context) && !MlflowApiModule.IsMlflow(context), pages =>
        {
            pages.UseExceptionHandler("/error", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        });
        return app;
    }

    private static bool IsApi(HttpContext context) => ApiRoots.Any(root => context.Request.Path.StartsWithSegments(root, StringComparison.Ordinal));

    public static WebApplication MapPortalApi(this WebApplication app)
    {
        app.MapPlatformEndpoints();
        app.MapAccessEndpoints();
        app.MapAuditEndpoints();
        app.MapProjectsEndpoints();
        app.MapDatasetsEndpoints();
        app.MapModelsEndpoints();
        app.MapDeploymentsEndpoints();
        app.MapMonitoringEndpoints();
        app.MapTrackingEndpoints();
        app.MapRegistryEndpoints();
        app.MapArtifactViews();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }
}
