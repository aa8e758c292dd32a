using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly GrainTimerCreationOptions EveryMinute = new(Minute, Minute);

    private static int Ticks(TestSilo silo) => silo.Journal.Lines.Count(line => line == "tick a");

    [Fact]
    public async Task A_timer_ticks_again_one_period_after_its_callback_has_ended()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(EveryMinute);

        silo.Clock.Advance(Minute);
        await silo.Journal.Noted("tick a");
        silo.Clock.Advance(Minute * 5);
        silo.Journal.Open("tick");
        await probe.Stay(TimeSpan.Zero); // a turn after the tick's
        Ticks(silo).ShouldBe(1);
        silo.Clock.Advance(Minute);
        await probe.Stay(TimeSpan.Zero);

        Ticks(silo).ShouldBe(2);
    }

    [Fact]
    public async Task A_tick_is_a_turn_and_waits_for_the_one_that_runs()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(EveryMinute);
        var held = probe.Write("w");
        await silo.Journal.Noted("start w");

        silo.Clock.Advance(Minute);
        silo.Journal.Open("tick");
        silo.Journal.Open("w");
        await held;
        await probe.Stay(TimeSpan.Zero);

        silo.Journal.Lines.ShouldBe(["activate a", "start w", "end w", "tick a", "tock a"]);
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(new() { DueTime = Minute, Period = Minute, Interleave = true });
        var held = probe.Write("w");
        await silo.Journal.Noted("start w");

        silo.Clock.Advance(Minute);
        await silo.Journal.Noted("tick a");

        held.IsCompleted.ShouldBeFalse();
        silo.Journal.Open("w");
        silo.Journal.Open("tick");
        await held;
    }

    [Fact]
    public async Task A_callback_that_throws_ticks_again()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Break("tick", new InvalidOperationException("tick failed"));
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(EveryMinute);

        for (var i = 1; i <= 3; i++)
        {
            silo.Clock.Advance(Minute);
            await probe.Stay(TimeSpan.Zero);
            Ticks(silo).ShouldBe(i);
        }
    }

    [Fact]
    public async Task A_stopped_timer_ticks_no_more()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(EveryMinute);
        await probe.StopTimer();

        silo.Clock.Advance(Minute * 3);
        await probe.Stay(TimeSpan.Zero);

        Ticks(silo).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ticks_keep_a_grain_only_when_asked_to(bool keepAlive)
    {
        await using var silo = await TestSilo.StartAsync(options => options.CollectionAge = TimeSpan.FromMinutes(4.5));
        silo.Journal.Open("tick");
        var probe = silo.Get<IProbeGrain>("a");
        await probe.StartTimer(new() { DueTime = Minute, Period = Minute, KeepAlive = keepAlive });

        for (var i = 0; i < 4; i++)
        {
            silo.Clock.Advance(Minute);
            await silo.Silo.Activations.Single().WhenQuiet();
        }

        silo.Clock.Advance(Minute);
        await Task.WhenAll(silo.Silo.Activations.Select(activation => activation.WhenQuiet()));

        silo.Journal.Lines.Contains("deactivate a ActivationIdle").ShouldBe(!keepAlive);
    }
}
