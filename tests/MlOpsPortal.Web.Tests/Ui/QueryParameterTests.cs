using System.Reflection;
using Microsoft.AspNetCore.Components;
using MlOpsPortal.Web.Components;

namespace MlOpsPortal.Web;

public sealed class QueryParameterTests
{
    /// <summary>The framework tells each of them of a new address while it walks over their list: one that comes or goes meanwhile ends the circuit.</summary>
    [Fact]
    public void Only_pages_take_parameters_from_the_query()
    {
        var components = typeof(App).Assembly.GetTypes().Where(type => !type.IsAbstract && typeof(IComponent).IsAssignableFrom(type)).ToList();
        var taking = components.Where(type => type.GetProperties().Any(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null)).ToList();

        taking.Count.ShouldBeGreaterThan(10);
        taking.Where(type => !type.GetCustomAttributes<RouteAttribute>().Any()).Select(type => type.Name).ShouldBeEmpty();
    }
}
