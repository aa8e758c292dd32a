using Microsoft.OpenApi;
using MlOpsPortal.Platform;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Web.Composition;

/// <summary><c>/api/v1</c>: every module's endpoints, their OpenAPI document, and the middleware in front of them.</summary>
internal static class PortalApi
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "MlOpsPortal", Version = "v1", Description = "The portal's own API. It may still change until a first release is tagged." };
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));

    public static WebApplication UsePortalApi(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal), api => api.UseExceptionHandler());
        app.UseIdempotencyKeys();
        return app;
    }

    public static WebApplication MapPortalApi(this WebApplication app)
    {
        app.MapPlatformEndpoints();
        app.MapProjectsEndpoints();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }
}
