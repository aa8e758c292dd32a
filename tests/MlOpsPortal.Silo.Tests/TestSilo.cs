using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

/// <summary>A started silo with the sample grains, a journal and a clock that stands still until the test moves it.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestSilo(ServiceProvider services) => _services = services;

    public TestClock Clock => (TestClock)_services.GetRequiredService<TimeProvider>();

    public Journal Journal => _services.GetRequiredService<Journal>();

    public LocalSilo Silo => _services.GetRequiredService<LocalSilo>();

    public IServiceProvider Services => _services;

    public static async Task<TestSilo> StartAsync(Action<SiloOptions>? options = null, Action<ISiloBuilder>? silo = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new TestClock());
        services.AddSingleton<Journal>();
        silo?.Invoke(services.AddSilo(options, typeof(CounterGrain).Assembly));
        if (silo is null)
            services.AddSilo(options, typeof(CounterGrain).Assembly);
        var started = new TestSilo(services.BuildServiceProvider());
        foreach (var hosted in started._services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return started;
    }

    public TGrain Get<TGrain>(string key)
        where TGrain : IGrainWithStringKey => _services.GetRequiredService<IGrainFactory>().GetGrain<TGrain>(key);

    public async Task StopAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>())
            await hosted.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
