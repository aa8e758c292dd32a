using MlOpsPortal.Access.Data;
using Npgsql;

namespace MlOpsPortal.Access.Tests.Data;

public sealed class ShortMemoryTests
{
    private readonly TestTime time = new();
    private int reads;
    private Func<Task<string?>> answer = () => Task.FromResult<string?>("first");

    private ShortMemory<int, string> Memory() => new(time, _ =>
    {
        Interlocked.Increment(ref reads);
        return answer();
    });

    [Fact]
    public async Task What_was_read_is_remembered_for_less_than_five_seconds()
    {
        var memory = Memory();
        await memory.GetAsync(1);
        answer = () => Task.FromResult<string?>("second");
        time.Pass(3.9);
        (await memory.GetAsync(1)).ShouldBe("first");
        time.Pass(0.2);
        (await memory.GetAsync(1)).ShouldBe("second");
        reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_read_that_began_before_it_was_told_to_forget_is_not_remembered()
    {
        var memory = Memory();
        var slow = new TaskCompletionSource<string?>();
        answer = () => slow.Task;
        var early = memory.GetAsync(1);
        memory.Forget(1);
        answer = () => Task.FromResult<string?>("after");
        slow.SetResult("before");
        (await early).ShouldBe("before");
        (await memory.GetAsync(1)).ShouldBe("after");
    }

    [Fact]
    public async Task An_answer_of_five_seconds_ago_holds_through_an_outage_of_a_minute_and_no_longer()
    {
        var memory = Memory();
        await memory.GetAsync(1);
        answer = () => Task.FromException<string?>(new NpgsqlException("away", new IOException()));
        foreach (var _ in Enumerable.Range(0, 12))
        {
            time.Pass(5);
            (await memory.GetAsync(1)).ShouldBe("first");
        }

        time.Pass(4.9);
        (await memory.GetAsync(1)).ShouldBe("first");
        time.Pass(4.1);
        await Should.ThrowAsync<NpgsqlException>(() => memory.GetAsync(1));
        await Should.ThrowAsync<NpgsqlException>(() => memory.GetAsync(2));
        answer = () => Task.FromResult<string?>("back");
        (await memory.GetAsync(2)).ShouldBe("back");
    }

    [Fact]
    public async Task A_database_that_keeps_one_waiting_before_it_is_away_takes_no_answer_along()
    {
        var memory = Memory();
        await memory.GetAsync(1);
        var slow = new TaskCompletionSource<string?>();
        answer = () => slow.Task;
        time.Pass(5);
        var waiting = memory.GetAsync(1);
        time.Pass(5);
        var waitingToo = memory.GetAsync(1);

        slow.SetException(new NpgsqlException("away", new TimeoutException()));

        (await waiting).ShouldBe("first");
        (await waitingToo).ShouldBe("first");
    }

    [Fact]
    public async Task Forgetting_somebody_else_takes_nothing_from_who_is_being_read()
    {
        var memory = Memory();
        await memory.GetAsync(1);
        var slow = new TaskCompletionSource<string?>();
        answer = () => slow.Task;
        time.Pass(5);
        var waiting = memory.GetAsync(1);
        memory.ForgetWhere(value => value == "somebody else");
        slow.SetException(new NpgsqlException("away", new IOException()));
        (await waiting).ShouldBe("first");
        answer = () => Task.FromException<string?>(new NpgsqlException("away", new IOException()));
        time.Pass(5);
        (await memory.GetAsync(1)).ShouldBe("first");

        memory.ForgetWhere(value => value == "first");

        await Should.ThrowAsync<NpgsqlException>(() => memory.GetAsync(1));
    }

    [Fact]
    public async Task Nothing_is_not_remembered()
    {
        var memory = Memory();
        answer = () => Task.FromResult<string?>(null);
        (await memory.GetAsync(1)).ShouldBeNull();
        answer = () => Task.FromResult<string?>("now there");
        (await memory.GetAsync(1)).ShouldBe("now there");
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_read()
    {
        var memory = Memory();
        var slow = new TaskCompletionSource<string?>();
        answer = () => slow.Task;
        var all = Enumerable.Range(0, 50).Select(_ => memory.GetAsync(1)).ToList();
        slow.SetResult("once");
        (await Task.WhenAll(all)).ShouldAllBe(value => value == "once");
        reads.ShouldBe(1);
    }

    private sealed class TestTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now;

        public void Pass(double seconds) => now += (long)(seconds * 1000);
    }
}
