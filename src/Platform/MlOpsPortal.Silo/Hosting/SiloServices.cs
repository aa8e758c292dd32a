using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MlOpsPortal.Silo;

/// <summary>What modules add to a silo, whoever hosts it.</summary>
public interface ISiloBuilder
{
    IServiceCollection Services { get; }
}

public static class SiloServices
{
    /// <summary>
    /// Hosts the grain classes of these assemblies in this process: <see cref="IGrainFactory"/> becomes available, and the silo starts and
    /// drains with the host. May be called again to add assemblies.
    /// </summary>
    public static ISiloBuilder AddSilo(this IServiceCollection services, Action<SiloOptions>? configure, params Assembly[] grainAssemblies)
    {
        services.AddOptions<SiloOptions>().ValidateOnStart();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SiloOptions>, SiloOptionsValidator>());
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LocalSilo>();
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<LocalSilo>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SiloHost>());
        var builder = new SiloBuilder(services);
        foreach (var assembly in grainAssemblies)
            builder.AddGrains(assembly);
        return builder;
    }

    /// <inheritdoc cref="AddSilo(IServiceCollection, Action{SiloOptions}?, Assembly[])"/>
    public static ISiloBuilder AddSilo(this IServiceCollection services, params Assembly[] grainAssemblies) => services.AddSilo(null, grainAssemblies);

    /// <summary>Adds every grain class of an assembly.</summary>
    public static ISiloBuilder AddGrains(this ISiloBuilder builder, Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(Grain)) && type is { IsAbstract: false, ContainsGenericParameters: false }))
            builder.Services.AddSingleton(new RegisteredGrain(type));
        return builder;
    }

    public static ISiloBuilder AddGrain<TGrain>(this ISiloBuilder builder)
        where TGrain : Grain
    {
        builder.Services.AddSingleton(new RegisteredGrain(typeof(TGrain)));
        return builder;
    }

    /// <summary>Adds a filter around every grain call; filters run in the order in which they were added.</summary>
    public static ISiloBuilder AddIncomingGrainCallFilter<TFilter>(this ISiloBuilder builder)
        where TFilter : class, IIncomingGrainCallFilter
    {
        builder.Services.AddSingleton<IIncomingGrainCallFilter, TFilter>();
        return builder;
    }

    /// <inheritdoc cref="AddIncomingGrainCallFilter{TFilter}(ISiloBuilder)"/>
    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter)
    {
        builder.Services.AddSingleton(filter);
        return builder;
    }

    private sealed record SiloBuilder(IServiceCollection Services) : ISiloBuilder;
}

/// <summary>A grain class that was added to the silo.</summary>
internal sealed record RegisteredGrain(Type Type);
