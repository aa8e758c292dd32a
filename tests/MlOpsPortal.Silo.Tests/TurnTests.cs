using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task Turns_run_one_at_a_time_in_the_order_of_their_calls()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var calls = new[] { probe.Write("1"), probe.Write("2"), probe.Write("3") };
        await silo.Journal.Noted("start 1");

        silo.Journal.Open("3");
        silo.Journal.Open("2");
        silo.Journal.Open("1");
        await Task.WhenAll(calls);

        silo.Journal.Lines.ShouldBe(["activate a", "start 1", "end 1", "start 2", "end 2", "start 3", "end 3"]);
    }

    [Fact]
    public async Task Read_only_turns_share_the_grain_and_do_not_overtake_a_writer()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var first = new[] { probe.Look("r1"), probe.Look("r2") };
        await Task.WhenAll(silo.Journal.Noted("start r1"), silo.Journal.Noted("start r2"));

        var later = new[] { probe.Write("w"), probe.Look("r3"), probe.Look("r4") };
        silo.Journal.Open("r1");
        await first[0];
        silo.Journal.Open("w");
        silo.Journal.Open("r2");
        await Task.WhenAll(silo.Journal.Noted("start r3"), silo.Journal.Noted("start r4"));
        silo.Journal.Open("r3");
        silo.Journal.Open("r4");
        await Task.WhenAll(later);

        silo.Journal.Lines.Take(9).ShouldBe(["activate a", "start r1", "start r2", "end r1", "end r2", "start w", "end w", "start r3", "start r4"]);
    }

    [Fact]
    public async Task An_always_interleaving_turn_runs_while_another_is_held()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var held = probe.Write("w");
        var waiting = probe.Write("w2");
        await silo.Journal.Noted("start w");

        silo.Journal.Open("p");
        await probe.Peek("p");

        held.IsCompleted.ShouldBeFalse();
        silo.Journal.Open("w");
        silo.Journal.Open("w2");
        await Task.WhenAll(held, waiting);
        silo.Journal.Lines.ShouldBe(["activate a", "start w", "start p", "end p", "end w", "start w2", "end w2"]);
    }

    [Fact]
    public async Task An_always_interleaving_turn_that_is_held_blocks_nobody()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var held = probe.Peek("p");
        await silo.Journal.Noted("start p");

        silo.Journal.Open("w");
        await probe.Write("w");

        held.IsCompleted.ShouldBeFalse();
        silo.Journal.Open("p");
        await held;
    }

    [Fact]
    public async Task Interleaving_turns_never_run_side_by_side()
    {
        await using var silo = await TestSilo.StartAsync();
        var counter = silo.Get<ICounterGrain>("a");

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => counter.Spin(1_000)));

        (await counter.Read()).ShouldBe(32_000);
    }

    [Fact]
    public async Task A_grain_can_call_another_grain()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("x");

        await silo.Get<IProbeGrain>("a").WriteThrough("b", "x");

        silo.Journal.Lines.ShouldBe(["activate a", "calling b", "activate b", "start x", "end x"]);
    }

    [Theory]
    [InlineData("Write")]
    [InlineData("Look")]
    public async Task A_call_that_would_wait_for_itself_throws(string method)
    {
        await using var silo = await TestSilo.StartAsync();

        var failure = await Should.ThrowAsync<GrainCallCycleException>(() => silo.Get<IProbeGrain>("a").AskToCallBack("b", method));

        failure.Message.ShouldBe($"probe/a {method} would wait for itself: it comes, over other grains, from probe/a AskToCallBack, which has not ended.");
    }

    [Fact]
    public async Task A_grain_that_calls_itself_throws()
    {
        await using var silo = await TestSilo.StartAsync();

        await Should.ThrowAsync<GrainCallCycleException>(() => silo.Get<IProbeGrain>("a").WriteThrough("a", "x"));
    }

    [Fact]
    public async Task A_call_back_to_an_interleaving_method_runs()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("back");

        await silo.Get<IProbeGrain>("a").AskToCallBack("b", nameof(IProbeGrain.Peek));

        silo.Journal.Lines.ShouldContain("end back");
    }

    [Fact]
    public async Task A_reader_called_back_by_readers_runs_ahead_of_a_waiting_writer()
    {
        await using var silo = await TestSilo.StartAsync();
        var probe = silo.Get<IProbeGrain>("a");
        var reading = probe.LookAskToCallBack("b", nameof(IProbeGrain.Look));
        await silo.Journal.Noted("start back");
        var writing = probe.Write("w");
        var secondReading = probe.LookAskToCallBack("c", nameof(IProbeGrain.Look));

        silo.Journal.Open("w");
        silo.Journal.Open("back");
        await Task.WhenAll(reading, writing, secondReading);

        silo.Journal.Lines.Count(line => line == "end back").ShouldBe(2);
    }

    [Fact]
    public async Task Calling_back_after_the_turn_has_ended_is_no_cycle()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("x");
        silo.Journal.Open("back");
        await silo.Get<IProbeGrain>("a").WriteThrough("b", "x");

        await silo.Get<IProbeGrain>("b").CallBack("a", nameof(IProbeGrain.Write));

        silo.Journal.Lines.ShouldContain("end back");
    }

    [Fact]
    public async Task A_full_mailbox_refuses_and_what_waits_still_runs()
    {
        await using var silo = await TestSilo.StartAsync(options => options.MailboxCapacity = 2);
        var probe = silo.Get<IProbeGrain>("a");
        var held = probe.Write("held");
        await silo.Journal.Noted("start held");
        var waiting = new[] { probe.Write("1"), probe.Write("2") };

        var refusal = await Should.ThrowAsync<LimitExceededException>(() => probe.Write("3"));

        refusal.Message.ShouldBe("probe/a has 2 calls waiting, as many as it may.");
        silo.Journal.Open("held");
        silo.Journal.Open("1");
        silo.Journal.Open("2");
        await Task.WhenAll([held, .. waiting]);
        silo.Journal.Lines.ShouldNotContain("start 3");
    }

    [Fact]
    public async Task A_waiting_call_that_was_cancelled_does_not_run()
    {
        await using var silo = await TestSilo.StartAsync();
        var cancellable = silo.Get<ICancellableGrain>("a");
        using var cancellation = new CancellationTokenSource();
        var held = cancellable.Run("held", CancellationToken.None);
        await silo.Journal.Noted("run held");

        var waiting = cancellable.Run("waiting", cancellation.Token);
        await cancellation.CancelAsync();
        silo.Journal.Open("run");

        await held;
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        silo.Journal.Lines.ShouldBe(["run held"]);
    }
}
