using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.MlflowApi;

/// <summary>MLflow's REST contract over the modules' desks.</summary>
public static class MlflowApiModule
{
    public static IServiceCollection AddMlflowApi(this IServiceCollection services)
    {
        services.AddSingleton<MlflowErrors>();
        services.AddSingleton(RefusalTextSource.Of(typeof(MlflowApiModule)));
        services.AddExceptionHandler<MlflowFaults>();
        return services;
    }

    /// <summary>First of all, in front of routing: which requests are MLflow's, and which route they mean.</summary>
    public static IApplicationBuilder UseMlflowAddresses(this IApplicationBuilder app) => app.UseMiddleware<MlflowAddress>();

    public static bool IsMlflow(HttpContext context) => MlflowAddress.Is(context);

    /// <summary>Whatever goes wrong on the way, in MLflow's words.</summary>
    public static IApplicationBuilder UseMlflowErrors(this IApplicationBuilder app) => app.UseExceptionHandler().UseStatusCodePages(MlflowErrors.WriteStatusAsync);

    /// <param name="tokenScheme">The authentication scheme of tokens: cookies open none of this.</param>
    public static IEndpointRouteBuilder MapMlflowApi(this IEndpointRouteBuilder endpoints, string tokenScheme)
    {
        endpoints.MapGet("/health", (RequestDelegate)(context => context.Response.WriteAsync("OK", context.RequestAborted))).AllowAnonymous();
        var routes = new MlflowRoutes(endpoints, new AuthorizationPolicyBuilder(tokenScheme).RequireAuthenticatedUser().RequireClaim(CallerClaims.Tenant).Build());
        routes.MapServer();
        routes.MapExperiments();
        routes.MapRuns();
        routes.MapMetrics();
        routes.MapSearches();
        routes.MapArtifacts();
        routes.MapLoggedModels();
        routes.MapRegisteredModels();
        routes.MapModelVersions();
        routes.MapAliases();
        return endpoints;
    }
}
