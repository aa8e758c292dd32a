using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Shutdown_ends_running_and_waiting_turns_with_their_calls_then_deactivates()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var running = probe.Write("1");
        var waiting = probe.WriteThrough("b", "2");
        await silo.Journal.Noted("start 1");

        var stopping = silo.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        await Should.ThrowAsync<SiloUnavailableException>(() => probe.Write("3"));
        silo.Journal.Open("2");
        silo.Journal.Open("1");
        await Task.WhenAll(running, waiting, stopping);

        silo.Journal.Lines.Take(7).ShouldBe(["activate a", "start 1", "end 1", "calling b", "activate b", "start 2", "end 2"]);
        silo.Journal.Lines.Skip(7).ShouldBe(["deactivate a ShuttingDown", "deactivate b ShuttingDown"], ignoreOrder: true);
        silo.Silo.Activations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shutdown_waits_no_longer_than_its_timeout()
    {
        await using var silo = await TestSilo.StartAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(5));
        var probe = silo.Get<IProbeGrain>("a");
        var running = probe.Write("1");
        await silo.Journal.Noted("start 1");
        var waiting = probe.Write("2");

        var stopping = silo.StopAsync();
        silo.Clock.Advance(TimeSpan.FromSeconds(4));
        stopping.IsCompleted.ShouldBeFalse();
        silo.Clock.Advance(TimeSpan.FromSeconds(2));
        await stopping;

        silo.Journal.Open("1");
        await running;
        await Should.ThrowAsync<SiloUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task A_grain_that_is_slow_to_leave_is_told_when_time_is_up()
    {
        await using var silo = await TestSilo.StartAsync(options => options.DrainTimeout = TimeSpan.FromSeconds(5));
        silo.Journal.Open("healthy");
        await silo.Get<IGatedGrain>("a").Touch("1");

        var stopping = silo.StopAsync();
        await silo.Journal.Noted("leaving a ShuttingDown");
        silo.Clock.Advance(TimeSpan.FromSeconds(6));
        await stopping;
        await silo.Journal.Noted("disposed a");

        silo.Journal.Lines.ShouldNotContain("left a");
    }
}
