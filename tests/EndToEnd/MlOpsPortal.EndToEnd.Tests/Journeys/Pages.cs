using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Journeys;

/// <summary>The pages of the running portal, found from its routes.</summary>
internal static partial class Pages
{
    public static List<string> Of(PortalHost portal) =>
    [
        .. portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(endpoint => "/" + endpoint.RoutePattern.RawText?.Trim('/'))
            .Where(route => route is not ("/" or "/error")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>A parameter is told by the word before it, or by the two words before it where one alone has another meaning (<c>registry/models</c>); a query stands under the whole route. What the tenant has none of is asked for by an id of nothing: that page too is somebody's.</summary>
    public static string Fill(string route, TestTenant tenant, IReadOnlyDictionary<string, string> things, List<string> unknown)
    {
        var parts = route.Split('/');
        for (var index = 1; index < parts.Length; index++)
        {
            if (!parts[index].StartsWith('{'))
                continue;
            if (parts[index] == "{Tenant}")
                parts[index] = tenant.Slug;
            else if (Find(things, route.Split('/'), index) is { } thing)
                parts[index] = thing;
            else
            {
                parts[index] = Guid.CreateVersion7().ToString("n");
                unknown.Add(route);
            }
        }

        return string.Join('/', parts) + things.GetValueOrDefault(route);
    }

    private static string? Find(IReadOnlyDictionary<string, string> things, string[] words, int index)
    {
        var word = Word().Match(words[index - 1]).Value;
        return things.TryGetValue($"{words[index - 2]}/{word}", out var thing) || things.TryGetValue(word, out thing) ? thing : null;
    }

    [GeneratedRegex("^[a-z-]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
