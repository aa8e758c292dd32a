using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Silo.Tests;

public sealed class CallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_returns_what_the_grain_returns()
    {
        await using var silo = await TestSilo.StartAsync();
        var counter = silo.Get<ICounterGrain>("a");

        (await counter.Increment()).ShouldBe(1);
        (await counter.Add(new Amount(4, "test"), Token)).ShouldBe(5);
        (await counter.Read()).ShouldBe(5);
        await counter.Reset();
        (await counter.Read()).ShouldBe(0);
    }

    [Fact]
    public async Task Grains_with_different_keys_are_different_and_know_their_key()
    {
        await using var silo = await TestSilo.StartAsync();

        await silo.Get<ICounterGrain>("a").Increment();

        (await silo.Get<ICounterGrain>("b").Read()).ShouldBe(0);
        (await silo.Get<ICounterGrain>("b").Key()).ShouldBe("b");
        silo.Get<ICounterGrain>("c").GetPrimaryKeyString().ShouldBe("c");
    }

    [Fact]
    public async Task An_exception_flows_to_the_caller_and_the_grain_lives_on()
    {
        await using var silo = await TestSilo.StartAsync();
        var counter = silo.Get<ICounterGrain>("a");
        await counter.Increment();

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => counter.Fail("too much"));

        failure.Message.ShouldBe("too much");
        (await counter.Read()).ShouldBe(1);
    }

    [Fact]
    public async Task Sixty_four_first_calls_at_once_make_one_activation()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Journal.Open("w");
        using var together = new Barrier(64);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(Token);
                return silo.Get<IProbeGrain>("one").Write("w");
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        silo.Journal.Lines.Count(line => line == "activate one").ShouldBe(1);
        silo.Journal.Lines.Count(line => line == "end w").ShouldBe(64);
    }

    [Fact]
    public async Task Concurrent_calls_lose_no_update()
    {
        await using var silo = await TestSilo.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                    await silo.Get<ICounterGrain>("a").Add(new Amount(1, "test"), Token);
            },
            Token)));

        (await silo.Get<ICounterGrain>("a").Read()).ShouldBe(6_400);
    }

    [Fact]
    public async Task A_cancelled_token_reaches_the_caller_as_cancellation()
    {
        await using var silo = await TestSilo.StartAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            () => silo.Get<ICounterGrain>("a").Add(new Amount(1, "test"), new CancellationToken(canceled: true)).AsTask());

        (await silo.Get<ICounterGrain>("a").Read()).ShouldBe(0);
    }
}
