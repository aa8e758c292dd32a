using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace MlOpsPortal.Architecture.Endpoints;

/// <summary>Something that the running portal answers to.</summary>
/// <param name="Method">ANY, when every method is answered.</param>
/// <param name="IsPage">A Blazor page: opened with GET, its forms come with POST.</param>
internal sealed record ServedEndpoint(string Method, string Route, bool IsPage)
{
    public string Name => $"{Method} {Route}";

    /// <summary>Everything but static files, which are public.</summary>
    public static IReadOnlyList<ServedEndpoint> Of(IServiceProvider portal) =>
    [
        .. portal.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["ANY"])
                .Select(method => new ServedEndpoint(method, Clean(endpoint.RoutePattern.RawText), endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)))
            .Distinct().OrderBy(endpoint => endpoint.Route, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Method, StringComparer.Ordinal),
    ];

    private static string Clean(string? pattern) => "/" + pattern?.Trim('/');
}
