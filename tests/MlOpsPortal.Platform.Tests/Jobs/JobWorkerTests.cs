using System.Text.Json;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Tests.Jobs;

public sealed class JobWorkerTests : IAsyncLifetime
{
    private readonly ScopeId scope = new(Guid.CreateVersion7());
    private readonly TestKind kind = new();
    private readonly WallClock wall = new();
    private TestPlatform platform = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobDesk Desk => platform.Services.GetRequiredService<JobDesk>();

    public async ValueTask InitializeAsync() => platform = await TestPlatform.StartAsync(services => services.AddSingleton<IJobKind>(kind).AddSingleton<TimeProvider>(wall));

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task A_job_runs_and_shows_its_result()
    {
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();
        var job = await EndedAsync(id);
        job.State.ShouldBe(JobState.Succeeded);
        job.Result.ShouldNotBeNull().GetProperty("number").GetInt32().ShouldBe(42);
        job.Progress.ShouldBe(1);
        kind.Callers.ShouldHaveSingleItem().User.ShouldBe(platform.Caller.User);
    }

    [Fact]
    public async Task Every_step_stays_with_its_time_through_an_attempt_that_failed()
    {
        kind.FailFirst = new TimeoutException("the store is away");
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();

        var job = await EndedAsync(id);

        job.State.ShouldBe(JobState.Succeeded);
        job.Steps.Select(step => (step.Step, step.Attempt)).ShouldBe([("test.look", 1), ("test.look", 2), ("test.count", 2), ("test.look", 2)]);
        job.Steps.Select(step => step.At).ShouldBeInOrder();
    }

    /// <summary>R9.</summary>
    [Fact]
    public async Task A_job_outlasts_a_file_store_that_is_away_for_ten_minutes_and_says_what_it_waits_for()
    {
        kind.Throw = new RequestFailedException(503, "the store is away");
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();
        await TriesAsync(5); // more than a job has of its own
        await ExecuteAsync("UPDATE platform.jobs SET started_at = now() - interval '10 minutes'");
        await TriesAsync(kind.Callers.Count + 5);
        await UntilAsync(async () => await Desk.GetAsync(platform.Caller, id, Stop) is { Value: { State: JobState.Queued, Step: "jobs.waiting_for_the_file_store" } });

        kind.Throw = null;

        var job = await EndedAsync(id);
        (job.State, job.Attempts).ShouldBe((JobState.Succeeded, 1));
        kind.Abandoned.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_that_waited_for_an_hour_has_three_tries_left()
    {
        kind.Throw = new RequestFailedException(503, "the store is away");
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();
        await TriesAsync(5);
        await ExecuteAsync("UPDATE platform.jobs SET started_at = now() - interval '61 minutes'");

        var job = await EndedAsync(id);

        (job.State, job.Fault!.Code).ShouldBe((JobState.Failed, "jobs.gave_up"));
        kind.Abandoned.ShouldHaveSingleItem().Code.ShouldBe("jobs.gave_up");
    }

    [Fact]
    public async Task A_refused_job_fails_with_the_sentence_and_its_kind_is_told()
    {
        kind.Answer = new Validation("uploads.empty");
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();
        var job = await EndedAsync(id);
        job.State.ShouldBe(JobState.Failed);
        job.Fault.ShouldBe(new JobFault("uploads.empty", "The file is empty."));
        kind.Abandoned.ShouldHaveSingleItem().Code.ShouldBe("uploads.empty");
    }

    [Fact]
    public async Task A_kind_that_throws_ends_its_job_and_not_the_worker()
    {
        kind.Throw = new InvalidOperationException("bug");
        var broken = await EnqueueAsync();
        await using var worker = await RunAsync();
        (await EndedAsync(broken)).Fault!.Code.ShouldBe("jobs.broke");
        kind.Throw = null;
        (await EndedAsync(await EnqueueAsync())).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task A_job_whose_worker_died_is_taken_up_again()
    {
        var id = await EnqueueAsync();
        await ExecuteAsync("UPDATE platform.jobs SET state = 'Running', worker = 'elsewhere', attempts = 1, heartbeat_at = now() - interval '31 seconds'");
        await using var worker = await RunAsync();
        var job = await EndedAsync(id);
        (job.State, job.Attempts).ShouldBe((JobState.Succeeded, 2));
    }

    [Fact]
    public async Task A_job_of_a_process_of_this_machine_that_is_no_more_does_not_wait_for_its_heart()
    {
        var dead = WorkerIdentity.Mine[..WorkerIdentity.Mine.LastIndexOf('/')] + "/1";
        WorkerIdentity.IsDead(dead).ShouldBeTrue();
        WorkerIdentity.IsDead(WorkerIdentity.Mine).ShouldBeFalse();
        var id = await EnqueueAsync();
        await ExecuteAsync($"UPDATE platform.jobs SET state = 'Running', worker = '{dead}', attempts = 1, heartbeat_at = now()");
        await using var worker = await RunAsync();
        (await EndedAsync(id)).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task A_job_is_begun_three_times_and_then_given_up()
    {
        var id = await EnqueueAsync();
        await ExecuteAsync("UPDATE platform.jobs SET state = 'Running', worker = 'elsewhere', attempts = 3, heartbeat_at = now() - interval '31 seconds'");
        await using var worker = await RunAsync();
        var job = await EndedAsync(id);
        (job.State, job.Fault!.Code).ShouldBe((JobState.Failed, "jobs.gave_up"));
        kind.Abandoned.ShouldHaveSingleItem().Code.ShouldBe("jobs.gave_up");
    }

    /// <summary>Attack 62.</summary>
    [Fact]
    public async Task A_clock_that_goes_back_an_hour_while_a_job_waits_and_runs_makes_it_neither_wait_nor_run_twice_nor_last_less_than_nothing()
    {
        wall.Offset = TimeSpan.FromHours(1);
        kind.Held = new TaskCompletionSource();
        var id = await EnqueueAsync();
        wall.Offset = TimeSpan.Zero;
        await using var first = await RunAsync();
        await using var second = await RunAsync();
        await kind.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);

        wall.Offset = TimeSpan.FromHours(-1);
        var beaten = await BeatAsync(id, after: null);
        await BeatAsync(id, beaten);
        kind.Held.SetResult();

        var job = await EndedAsync(id);
        (job.State, job.Attempts, kind.Callers.Count).ShouldBe((JobState.Succeeded, 1, 1));
        job.StartedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(job.CreatedAt);
        job.EndedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(job.StartedAt.Value);
        (await AskAsync<double>("SELECT (data ->> 'seconds')::float8 FROM platform.outbox WHERE type = 'job.ended'")).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_running_job_is_cancelled()
    {
        kind.Hold = true;
        var id = await EnqueueAsync();
        await using var worker = await RunAsync();
        await kind.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        (await Desk.CancelAsync(platform.Caller, id, Stop)).Required().Cancelling.ShouldBeTrue();
        (await EndedAsync(id)).State.ShouldBe(JobState.Cancelled);
        kind.Abandoned.ShouldHaveSingleItem().Code.ShouldBe("jobs.cancelled");
        (await Desk.CancelAsync(platform.Caller, id, Stop)).Refusal.ShouldNotBeNull().Code.ShouldBe("jobs.over");
    }

    [Fact]
    public async Task A_portal_that_stops_puts_its_job_back_uncounted()
    {
        kind.Hold = true;
        var id = await EnqueueAsync();
        await using (await RunAsync())
            await kind.Begun.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        var job = (await Desk.GetAsync(platform.Caller, id, Stop)).Required();
        (job.State, job.Attempts).ShouldBe((JobState.Queued, 0));
        kind.Abandoned.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_workers_never_run_the_same_job()
    {
        var ids = new List<JobId>();
        for (var count = 0; count < 20; count++)
            ids.Add(await EnqueueAsync());
        await using var first = await RunAsync();
        await using var second = await RunAsync();
        foreach (var id in ids)
            (await EndedAsync(id)).Attempts.ShouldBe(1);
        kind.Callers.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Nobody_sees_a_job_of_another_tenant_or_of_a_hidden_project()
    {
        var id = await EnqueueAsync();
        var stranger = platform.Caller with { Tenant = new TenantId(Guid.CreateVersion7()) };
        (await Desk.GetAsync(stranger, id, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.CancelAsync(stranger, id, Stop)).Refusal.ShouldBeOfType<NotFound>();
        (await Desk.ListAsync(stranger, scope, null, PageRequest.Of(null, null), Stop)).Required().Items.ShouldBeEmpty();
        var hidden = await EnqueueAsync(TestPermissions.Hidden);
        (await Desk.GetAsync(platform.Caller, hidden, Stop)).Refusal.ShouldBeOfType<NotFound>();
    }

    [Fact]
    public async Task A_projects_jobs_are_listed_newest_first_page_by_page()
    {
        var ids = new List<JobId>();
        for (var count = 0; count < 5; count++)
            ids.Add(await EnqueueAsync());
        var first = (await Desk.ListAsync(platform.Caller, scope, null, PageRequest.Of(3, null), Stop)).Required();
        var second = (await Desk.ListAsync(platform.Caller, scope, null, PageRequest.Of(3, first.NextCursor), Stop)).Required();
        first.Items.Concat(second.Items).Select(job => job.Id).ShouldBe(ids.OrderByDescending(id => id.ToString(), StringComparer.Ordinal));
        second.NextCursor.ShouldBeNull();
    }

    private async Task<JobId> EnqueueAsync(ScopeId? where = null)
    {
        await using var db = platform.Services.GetRequiredService<ITenantDb<PlatformDbContext>>().Open(platform.Caller.Tenant);
        var id = Desk.Enqueue(db, platform.Caller, new NewJob("test", new Subject("thing", "1", "Thing", where ?? scope), "Do it", new ToDouble(21)));
        await db.SaveChangesAsync(Stop);
        return id;
    }

    private async Task<JobView> EndedAsync(JobId id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(30));
        while (await timer.WaitForNextTickAsync(Stop))
            if ((await Desk.GetAsync(platform.Caller, id, Stop)).Required() is { } job && JobLifecycle.IsOver(job.State))
                return job;
        throw new InvalidOperationException("The timer never ends by itself.");
    }

    /// <summary>Waits until the job was begun so often.</summary>
    private Task TriesAsync(int many) => UntilAsync(() => Task.FromResult(kind.Callers.Count >= many));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
            await timer.WaitForNextTickAsync(Stop);
    }

    private async Task<Running> RunAsync()
    {
        var worker = ActivatorUtilities.CreateInstance<JobWorker>(platform.Services);
        await worker.StartAsync(Stop);
        return new Running(worker);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = platform.Services.GetRequiredService<PortalDatabase>().System.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>Waits for the next sign of life.</summary>
    private async Task<DateTime> BeatAsync(JobId id, DateTime? after)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(30));
        while (await timer.WaitForNextTickAsync(Stop))
            if (await AskAsync<DateTime>($"SELECT heartbeat_at FROM platform.jobs WHERE id = '{id.Value}'") is var beat && beat > (after ?? DateTime.MinValue))
                return beat;
        throw new InvalidOperationException("The timer never ends by itself.");
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = platform.Services.GetRequiredService<PortalDatabase>().System.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Stop)).ShouldNotBeNull();
    }

    private sealed class Running(IHostedService worker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await worker.StopAsync(CancellationToken.None);
    }

    private sealed class TestKind : IJobKind
    {
        public string Kind => "test";

        public Result<JsonElement>? Answer { get; set; }

        public Exception? Throw { get; set; }

        /// <summary>At the first attempt alone.</summary>
        public Exception? FailFirst { get; set; }

        public bool Hold { get; set; }

        /// <summary>Runs until this is done.</summary>
        public TaskCompletionSource? Held { get; set; }

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentQueue<Caller> Callers { get; } = new();

        public System.Collections.Concurrent.ConcurrentQueue<Refusal> Abandoned { get; } = new();

        public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
        {
            Callers.Enqueue(job.Caller);
            job.Progress.Report(new JobProgress("test.look", 0.1));
            job.Progress.Report(new JobProgress("test.look", 0.2));
            Begun.TrySetResult();
            if (Throw is { } bug)
                throw bug;
            if (job.Attempt == 1 && FailFirst is { } passing)
                throw passing;
            job.Progress.Report(new JobProgress("test.count", 0.5));
            job.Progress.Report(new JobProgress("test.look", 0.9));
            if (Hold)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            if (Held is { } held)
                await held.Task.WaitAsync(cancellationToken);
            return Answer ?? JsonSerializer.SerializeToElement(new Doubled(job.Spec<ToDouble>().Number * 2), PortalJson.Options);
        }

        public Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
        {
            Abandoned.Enqueue(why);
            return Task.CompletedTask;
        }
    }

    /// <summary>A wall clock that can be set; what is measured and waited for goes on as it is.</summary>
    private sealed class WallClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
