using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class LifetimeTests
{
    private static readonly Action<SiloOptions> TenMinutes = options =>
    {
        options.CollectionAge = TimeSpan.FromMinutes(10);
        options.CollectionQuantum = TimeSpan.FromMinutes(1);
    };

    [Fact]
    public async Task A_failed_activation_reports_to_all_who_wait_and_the_next_call_tries_again()
    {
        await using var silo = await TestSilo.StartAsync();
        var gated = silo.Get<IGatedGrain>("slow");
        var calls = new[] { gated.Touch("1"), gated.Touch("2") };
        await silo.Journal.Noted("activate slow");

        silo.Journal.Break("healthy", new InvalidOperationException("no database"));

        (await Should.ThrowAsync<InvalidOperationException>(() => calls[0])).Message.ShouldBe("no database");
        (await Should.ThrowAsync<InvalidOperationException>(() => calls[1])).Message.ShouldBe("no database");
        await Should.ThrowAsync<InvalidOperationException>(() => gated.Touch("3"));
        silo.Journal.Lines.ShouldBe(["activate slow", "disposed slow", "activate slow", "disposed slow"]);
    }

    [Fact]
    public async Task A_grain_that_could_not_be_activated_can_be_later()
    {
        await using var silo = await TestSilo.StartAsync();
        var gated = silo.Get<IGatedGrain>("a");
        await Should.ThrowAsync<InvalidOperationException>(() => gated.Touch("1"));

        silo.Journal.Open("healthy");
        await gated.Touch("2");

        silo.Journal.Lines.ShouldBe(["activate a", "disposed a", "activate a", "touch 2"]);
    }

    [Fact]
    public async Task An_activation_that_leads_back_to_itself_throws()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("healthy");

        await Should.ThrowAsync<GrainCallCycleException>(() => silo.Get<IGatedGrain>("ring").Touch("1"));
    }

    [Fact]
    public async Task An_unused_grain_is_deactivated_and_comes_back_anew()
    {
        await using var silo = await TestSilo.StartAsync(TenMinutes);
        var counter = silo.Get<IProbeGrain>("a");
        silo.Journal.Open("x");
        await counter.Write("x");

        silo.Clock.Advance(TimeSpan.FromMinutes(9.5));
        silo.Silo.Activations.Count.ShouldBe(1);
        silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await silo.Journal.Noted("deactivate a ActivationIdle");
        await counter.Write("x");

        silo.Journal.Lines.Count(line => line == "activate a").ShouldBe(2);
    }

    [Fact]
    public async Task A_used_grain_stays()
    {
        await using var silo = await TestSilo.StartAsync(TenMinutes);
        var counter = silo.Get<ICounterGrain>("a");

        for (var i = 1; i <= 5; i++)
        {
            (await counter.Increment()).ShouldBe(i);
            silo.Clock.Advance(TimeSpan.FromMinutes(9));
        }
    }

    [Fact]
    public async Task A_grain_with_a_running_turn_is_not_deactivated()
    {
        await using var silo = await TestSilo.StartAsync(TenMinutes);
        var probe = silo.Get<IProbeGrain>("a");
        var held = probe.Write("x");
        await silo.Journal.Noted("start x");

        silo.Clock.Advance(TimeSpan.FromHours(1));
        silo.Journal.Open("x");
        await held;

        silo.Journal.Lines.ShouldBe(["activate a", "start x", "end x"]);
    }

    [Fact]
    public async Task A_grain_can_ask_to_stay_longer()
    {
        await using var silo = await TestSilo.StartAsync(TenMinutes);
        await silo.Get<IProbeGrain>("a").Stay(TimeSpan.FromHours(1));

        silo.Clock.Advance(TimeSpan.FromMinutes(59));
        silo.Journal.Lines.ShouldBe(["activate a"]);
        silo.Clock.Advance(TimeSpan.FromMinutes(2));

        await silo.Journal.Noted("deactivate a ActivationIdle");
    }

    [Fact]
    public async Task A_call_while_a_grain_leaves_waits_for_the_next_activation()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("healthy");
        var gated = silo.Get<IGatedGrain>("a");
        await gated.Leave();
        await silo.Journal.Noted("leaving a ApplicationRequested");

        var calls = new[] { gated.Touch("1"), silo.Get<IGatedGrain>("a").Touch("2") };
        calls.ShouldAllBe(call => !call.IsCompleted);
        silo.Journal.Open("leave");
        await Task.WhenAll(calls);

        silo.Journal.Lines.ShouldBe(["activate a", "leaving a ApplicationRequested", "left a", "disposed a", "activate a", "touch 1", "touch 2"]);
    }

    [Fact]
    public async Task Waiting_calls_of_a_grain_that_deactivates_itself_go_to_the_next_activation()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("x");
        silo.Journal.Open("y");
        var probe = silo.Get<IProbeGrain>("a");
        var calls = new[] { probe.Write("x"), probe.Finish(), probe.Write("y") };

        await Task.WhenAll(calls);

        silo.Journal.Lines.ShouldBe(
            ["activate a", "start x", "end x", "deactivate a ApplicationRequested", "activate a", "start y", "end y"]);
    }

    [Fact]
    public void A_grain_made_without_a_silo_says_so()
    {
        Should.Throw<InvalidOperationException>(() => new CounterGrain().GetPrimaryKeyString())
            .Message.ShouldContain("was not created by a silo");
    }
}
