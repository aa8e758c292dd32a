using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>Takes jobs and runs them, a few at a time. Several portal processes share the queue.</summary>
public sealed class JobWorker(JobQueue queue, IEnumerable<IJobKind> kinds, IOptions<JobOptions> options, TimeProvider time, ILogger<JobWorker> log) : BackgroundService
{
    private static readonly TimeSpan HeartBeat = TimeSpan.FromSeconds(1);
    private readonly FrozenDictionary<string, IJobKind> kinds = kinds.ToFrozenDictionary(kind => kind.Kind, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ScratchFolder.SweepDead(options.Value.ScratchFolder);
        await TryAsync(() => queue.ReleaseAsync(WorkerIdentity.IsDead, stoppingToken));
        await Task.WhenAll(Enumerable.Range(0, options.Value.Parallel).Select(_ => LoopAsync(stoppingToken)));
    }

    private async Task LoopAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Poll, time);
        while (await timer.WaitForNextTickAsync(stopping))
            await TryAsync(async () =>
            {
                while (await queue.ClaimAsync(WorkerIdentity.Mine, options.Value.HeartStopped, stopping) is { } job)
                    await RunAsync(job, stopping);
            });
    }

    /// <summary>Runs one job to its end and notes what became of it.</summary>
    private async Task RunAsync(ClaimedJob job, CancellationToken stopping)
    {
        await queue.AnnounceAsync(job.Tenant, job.Id, job.Scope, stopping);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pulse = new Pulse(queue, job, ending, time);
        var context = new JobContext(job.Id, job.Kind, new Caller(job.Tenant, job.CreatedBy, job.CreatedByName), job.Scope, job.Spec, job.Attempt, pulse);
        var beating = pulse.BeatAsync(ending.Token);
        try
        {
            await ConcludeAsync(job, context, pulse, await OutcomeAsync(job, context, ending.Token), stopping);
        }
        catch (Exception exception) when (JobPatience.MayPass(exception))
        {
            var (delay, counts, why) = JobPatience.After(exception, job.Age, job.Attempt, options.Value);
            log.LogWarning(exception, "Job {Job} ({Kind}) could not go on at attempt {Attempt}; it is tried again in {Delay}", job.Id, job.Kind, job.Attempt, delay);
            await queue.PutBackAsync(job, delay, counts, why, pulse.Steps, stopping);
        }
        finally
        {
            await ending.CancelAsync();
            await beating;
        }
    }

    /// <returns>Null when the portal stops and the job goes back.</returns>
    private async Task<Result<JsonElement>?> OutcomeAsync(ClaimedJob job, JobContext context, CancellationToken ending)
    {
        if (job.CancelRequested)
            return new Conflict("jobs.cancelled");
        if (!kinds.TryGetValue(job.Kind, out var kind))
            return new Validation("jobs.unknown_kind", job.Kind);
        if (job.Attempt > options.Value.MaxAttempts)
            return new Unavailable("jobs.gave_up");
        try
        {
            return await kind.RunAsync(context, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (!JobPatience.MayPass(exception))
        {
            // A bug of the kind. The job ends with it, the worker must not.
            log.LogError(exception, "Job {Job} ({Kind}) broke", job.Id, job.Kind);
            return new Unavailable("jobs.broke", job.Id.ToString());
        }
    }

    private async Task ConcludeAsync(ClaimedJob job, JobContext context, Pulse pulse, Result<JsonElement>? outcome, CancellationToken stopping)
    {
        if (outcome is { IsOk: true })
        {
            await queue.EndAsync(job, JobMove.Succeed, outcome.Value, refusal: null, pulse.Steps, stopping);
            return;
        }

        if (outcome is null && pulse.Lost)
            return;
        if (outcome is null && !pulse.CancelRequested)
        {
            await queue.PutBackAsync(job, TimeSpan.Zero, counts: false, why: null, pulse.Steps, CancellationToken.None);
            return;
        }

        var cancelled = pulse.CancelRequested || job.CancelRequested;
        var refusal = cancelled ? new Conflict("jobs.cancelled") : outcome?.Refusal ?? throw new InvalidOperationException("A job ended with nothing to say.");
        if (kinds.TryGetValue(job.Kind, out var kind))
            await kind.AbandonAsync(context, refusal, stopping);
        await queue.EndAsync(job, cancelled ? JobMove.Cancel : JobMove.Fail, result: null, refusal, pulse.Steps, stopping);
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
        {
            log.LogWarning(exception, "The job queue could not be read; trying again");
        }
    }

    /// <summary>The sign of life of one job, and the ear for its cancellation.</summary>
    private sealed class Pulse(JobQueue queue, ClaimedJob job, CancellationTokenSource ending, TimeProvider time) : IProgress<JobProgress>
    {
        private readonly Lock writing = new();
        private readonly List<JobStep> steps = [.. JobStep.Read(job.Steps)];
        private volatile JobProgress last = new("", 0);
        private JobProgress announced = new("", 0);

        public bool CancelRequested { get; private set; }

        /// <summary>Another worker has it by now.</summary>
        public bool Lost { get; private set; }

        /// <summary>Those of earlier attempts and this one's, as the row keeps them.</summary>
        public string Steps
        {
            get
            {
                lock (writing)
                    return JobStep.Write(steps.TakeLast(JobStep.Most));
            }
        }

        /// <summary>A step counts from its first report, however short it is.</summary>
        public void Report(JobProgress value)
        {
            if (value.Step.Length > 0 && value.Step != last.Step)
                lock (writing)
                    steps.Add(new JobStep(value.Step, job.Attempt, time.GetMicrosecondNow()));
            last = value;
        }

        public async Task BeatAsync(CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(HeartBeat, time);
            try
            {
                while (await timer.WaitForNextTickAsync(cancellationToken))
                    await OnceAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The job is over.
            }
        }

        private async Task OnceAsync(CancellationToken cancellationToken)
        {
            try
            {
                var now = last;
                var (mine, cancel) = await queue.BeatAsync(job, now, Steps, cancellationToken);
                (Lost, CancelRequested) = (!mine, cancel);
                if (!mine || cancel)
                    await ending.CancelAsync();
                else if (now != announced)
                {
                    announced = now;
                    await queue.AnnounceAsync(job.Tenant, job.Id, job.Scope, cancellationToken);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException || DatabaseAway.Is(exception))
            {
                // The database is away: the next beat tells. Whoever takes the job meanwhile makes this worker lose it then.
                Lost = false;
            }
        }
    }
}
