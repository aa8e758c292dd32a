using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;

namespace Orleans.Hosting;

/// <summary>Puts grains into a host with the words that MlOpsPortal.Silo has for it, when the build takes Orleans' packages (-p:Silo=Orleans; left out otherwise).</summary>
public static class OrleansSilo
{
    /// <summary>One silo in this process. Several processes need a membership provider here instead of the local one.</summary>
    public static ISiloBuilder AddSilo(this IServiceCollection services, params Assembly[] grainAssemblies)
    {
        ISiloBuilder? silo = null;
        services.AddOrleans(builder => silo = builder.UseLocalhostClustering());
        services.AddSerializer(serializer =>
        {
            foreach (var assembly in grainAssemblies)
                serializer.AddAssembly(assembly);
        });
        return silo ?? throw new InvalidOperationException("Orleans did not configure its silo.");
    }
}
