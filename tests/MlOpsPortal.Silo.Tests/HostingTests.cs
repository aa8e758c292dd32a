using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class HostingTests
{
    internal interface ITwice : IGrainWithStringKey
    {
        Task Method();
    }

    internal interface IOdd : IGrainWithStringKey
    {
        void NoTask();

        Task Many(int a, int b, int c, int d, int e, int f, int g, int h);

        Task<T> Generic<T>();

        Task ByReference(in int value);
    }

    [Fact]
    public async Task Faults_of_grain_classes_are_told_all_at_once()
    {
        await using var services = Build(null, builder => builder.AddGrain<FirstGrain>().AddGrain<SecondGrain>());

        Should.Throw<InvalidOperationException>(services.GetRequiredService<IGrainFactory>).Message.ShouldBe(
            "The grains cannot be hosted: ITwice is implemented by FirstGrain and SecondGrain; one class must be the grain. "
            + "IOdd.NoTask returns no task. IOdd.Many has more than 7 parameters; a record holds more. IOdd.Generic is generic. "
            + "IOdd.ByReference has parameters by reference.");
    }

    [Fact]
    public async Task Faults_of_options_are_told_all_at_once()
    {
        await using var services = Build(
            options =>
            {
                options.CollectionAge = TimeSpan.Zero;
                options.MailboxCapacity = 0;
            },
            _ => { });

        Should.Throw<OptionsValidationException>(services.GetRequiredService<IGrainFactory>).Failures.ShouldBe(
            ["CollectionAge must be above zero.", "MailboxCapacity must be at least 1."]);
    }

    [Fact]
    public async Task An_interface_without_a_class_is_named()
    {
        await using var silo = await TestSilo.StartAsync();

        Should.Throw<InvalidOperationException>(() => silo.Get<ITwice>("a")).Message.ShouldEndWith("HostingTests+ITwice.");
    }

    [Fact]
    public async Task The_meter_tells_activations_waiting_calls_and_the_time_of_calls()
    {
        await using var silo = await TestSilo.StartAsync();
        var measured = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "MlOpsPortal.Silo" && instrument.Meter.Scope == silo.Services.GetRequiredService<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {tags[0].Value} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            value.ShouldBeGreaterThan(0);
            measured.Add($"{instrument.Name} {tags[0].Value} {tags[1].Value} {tags[2].Value}");
        });
        listener.Start();

        await silo.Get<ICounterGrain>("a").Increment();
        await Should.ThrowAsync<InvalidOperationException>(() => silo.Get<ICounterGrain>("b").Fail("on purpose"));
        var calls = Enumerable.Range(0, 3).Select(_ => silo.Get<IProbeGrain>("a").Write("w")).ToArray();
        await silo.Journal.Noted("start w");
        listener.RecordObservableInstruments();
        silo.Journal.Open("w");
        await Task.WhenAll(calls);

        measured.Take(2).ShouldBe(["mlops.silo.call.duration counter Increment ok", "mlops.silo.call.duration counter Fail failed"]);
        measured.ShouldContain("mlops.silo.activations counter 2");
        measured.ShouldContain("mlops.silo.mailbox.length probe 2");
    }

    private static ServiceProvider Build(Action<SiloOptions>? options, Action<ISiloBuilder> silo)
    {
        var services = new ServiceCollection();
        silo(services.AddSilo(options));
        return services.BuildServiceProvider();
    }

    private sealed class FirstGrain : Grain, ITwice
    {
        public Task Method() => Task.CompletedTask;
    }

    private sealed class SecondGrain : Grain, ITwice, IOdd
    {
        public Task Method() => Task.CompletedTask;

        public void NoTask()
        {
        }

        public Task Many(int a, int b, int c, int d, int e, int f, int g, int h) => Task.CompletedTask;

        public Task<T> Generic<T>() => Task.FromResult<T>(default!); // never called

        public Task ByReference(in int value) => Task.CompletedTask;
    }
}
