using Microsoft.Extensions.Logging.Abstractions;
using MlOpsPortal.Platform.Sweeping;
using Npgsql;

namespace MlOpsPortal.Platform.Tests.Sweeping;

public sealed class HourlySweepTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_goes_wrong_in_one_round_the_next_one_comes()
    {
        var clock = new HourGlass();
        using var sweep = new TestSweep(clock, () => throw new NpgsqlException("away"), () => throw new InvalidOperationException("a bug"), () => throw new OperationCanceledException("not ours"), () => 3);
        await sweep.StartAsync(Stop);

        for (var round = 1; round <= 4; round++)
        {
            await clock.TurnAsync();
            await sweep.BegunAsync(round);
        }

        await sweep.StopAsync(Stop);
        sweep.ExecuteTask.ShouldNotBeNull().IsFaulted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_round_under_way_ends_with_the_portal()
    {
        var clock = new HourGlass();
        using var sweep = new TestSweep(clock);
        await sweep.StartAsync(Stop);
        await clock.TurnAsync();
        await sweep.BegunAsync(1);

        await sweep.StopAsync(Stop);

        sweep.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeTrue();
    }

    /// <summary>Rounds as they are given; after them, one that ends only with the portal.</summary>
    private sealed class TestSweep(TimeProvider time, params Func<int>[] rounds) : HourlySweep(time, NullLogger.Instance)
    {
        private readonly SemaphoreSlim begun = new(0);
        private int round;
        private int seen;

        protected override string What => "nothing";

        public async Task BegunAsync(int number)
        {
            for (; seen < number; seen++)
                await begun.WaitAsync(Stop);
        }

        public override async Task<int> SweepAsync(CancellationToken cancellationToken)
        {
            begun.Release();
            if (round < rounds.Length)
                return rounds[round++]();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return 0;
        }

        public override void Dispose()
        {
            begun.Dispose();
            base.Dispose();
        }
    }

    /// <summary>Time passes when it is turned.</summary>
    private sealed class HourGlass : TimeProvider
    {
        private readonly TaskCompletionSource<Action> ring = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task TurnAsync() => (await ring.Task)();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            period.ShouldBe(TimeSpan.FromHours(1));
            ring.SetResult(() => callback(state));
            return new Held();
        }

        private sealed class Held : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
