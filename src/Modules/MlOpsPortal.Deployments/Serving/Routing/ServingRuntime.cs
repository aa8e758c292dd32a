using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlOpsPortal.Deployments.Data;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Traffic;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Deployments.Serving.Routing;

/// <summary>Keeps the routing table as the deployments say: at start, after every event, and when the database is back. Releases are loaded beside
/// the ones that answer; who is loaded and warm goes live, who is not fails, and the table is swapped. One change at a time.</summary>
internal sealed class ServingRuntime(
    RoutingTable table, ModelLoader loader, TrafficMeters meters, PortalDatabase database, AggregateDefinition<DeploymentRow, Deployment> definition,
    IGrainFactory grains, LiveEvents events, TimeProvider time, ILogger<ServingRuntime> log) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LoadAgain = TimeSpan.FromSeconds(30);
    private readonly Channel<Work> work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<DeploymentId, Dictionary<ReleaseId, Load>> loads = [];

    /// <summary>Look at this deployment again, soon.</summary>
    public void Touch(TenantId tenant, DeploymentId id) => work.Writer.TryWrite(new Work(tenant, id));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var heard = events.SubscribeAll(Hear);
        work.Writer.TryWrite(Work.Everything);
        await foreach (var item in work.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await LookAsync(item, stoppingToken);
            }
            catch (Exception exception) when (IsDatabaseAway(exception))
            {
                log.LogWarning(exception, "Deployments could not be read; what is loaded goes on answering");
                Later(item, Again, stoppingToken);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var (id, held) in loads)
        {
            table.Set(id, null);
            foreach (var load in held.Values)
                load.LetGo();
        }
    }

    private void Hear(LiveEvent happened)
    {
        if (happened == LiveEvent.Reconnected)
            work.Writer.TryWrite(Work.Everything);
        else if (happened.SubjectKind == DeploymentSubject.Kind && Guid.TryParseExact(happened.SubjectId, "n", out var id))
            Touch(happened.Tenant, new DeploymentId(id));
    }

    private async Task LookAsync(Work item, CancellationToken cancellationToken)
    {
        var found = await DeploymentRows.ReadAsync(database, item.Id, cancellationToken);
        foreach (var (tenant, document) in found)
            await FollowAsync(tenant, definition.Read(document), cancellationToken);
        if (item != Work.Everything)
            return;
        foreach (var gone in loads.Keys.Except(found.Select(row => definition.Read(row.Document).Id)).ToList())
            Drop(gone);
        table.MarkComplete();
    }

    /// <summary>Brings what this process serves in line with one deployment.</summary>
    private async Task FollowAsync(TenantId tenant, Deployment deployment, CancellationToken cancellationToken)
    {
        if (deployment.ArchivedAt is not null)
        {
            Drop(deployment.Id);
            return;
        }

        var held = Held(deployment.Id);
        if (deployment.Loading is { } candidate && Begin(tenant, deployment.Id, held, candidate, cancellationToken) is { Done: { } outcome })
            deployment = await SettleAsync(tenant, deployment, candidate, outcome, cancellationToken);
        var before = table.Find(deployment.Id)?.Model;
        var live = deployment.Live is { Version.NotRun: false } release ? Answering(tenant, deployment, held, release, before, cancellationToken) : null;
        table.Set(deployment.Id, new ServedDeployment(
            tenant, deployment.Id, deployment.Project.Scope, deployment.Name, deployment.Environment, live, deployment.Off, deployment.WhenSpoolFull, meters.Of(tenant, deployment.Id))
        {
            NotRun = deployment.Live is { Version.NotRun: true },
        });
        foreach (var (id, load) in held.Where(entry => entry.Key != live?.Release && entry.Key != deployment.Live?.Id && entry.Key != deployment.Loading?.Id).ToList())
        {
            held.Remove(id);
            load.LetGo();
        }
    }

    /// <summary>The live release, when it is loaded here; until then the one before goes on.</summary>
    private LoadedModel? Answering(
        TenantId tenant, Deployment deployment, Dictionary<ReleaseId, Load> held, Release release, LoadedModel? before, CancellationToken cancellationToken)
    {
        if (Begin(tenant, deployment.Id, held, release, cancellationToken).Done is not { } outcome)
            return before;
        if (outcome.IsOk)
            return outcome.Value;
        log.LogError("Version {Version} of {Deployment} is live, but cannot be loaded here: {Code} ({Args})", release.Version.Number, deployment.Name, outcome.Refusal.Code, string.Join(", ", outcome.Refusal.Args));
        held.Remove(release.Id);
        Later(new Work(tenant, deployment.Id), LoadAgain, cancellationToken);
        return before;
    }

    private Load Begin(TenantId tenant, DeploymentId id, Dictionary<ReleaseId, Load> held, Release release, CancellationToken cancellationToken)
    {
        if (held.TryGetValue(release.Id, out var load))
            return load;
        load = new Load(Task.Run(() => loader.LoadAsync(tenant, release, cancellationToken), cancellationToken));
        held[release.Id] = load;
        _ = load.Task.ContinueWith(_ => Touch(tenant, id), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return load;
    }

    /// <summary>Says of a loaded release that it is live, of the other that it failed.</summary>
    private async Task<Deployment> SettleAsync(TenantId tenant, Deployment deployment, Release candidate, Result<LoadedModel> outcome, CancellationToken cancellationToken)
    {
        var caller = Caller.Portal(tenant);
        DeploymentCommand command = outcome.IsOk ? new GoLive(candidate.Id) : new FailRelease(candidate.Id, outcome.Refusal);
        var settled = await grains.GetGrain<IDeploymentGrain>(caller, deployment.Id.Value).Apply(caller, command, expectedVersion: null, cancellationToken);
        if (settled.IsOk)
            return settled.Value.State;
        log.LogInformation("Release {Release} of {Deployment} was settled otherwise: {Code}", candidate.Number, deployment.Name, settled.Refusal.Code);
        return deployment;
    }

    private static bool IsDatabaseAway(Exception exception) =>
        exception is NpgsqlException or TimeoutException || DatabaseAway.Is(exception) || exception.InnerException is { } inner && IsDatabaseAway(inner);

    private Dictionary<ReleaseId, Load> Held(DeploymentId id)
    {
        if (!loads.TryGetValue(id, out var held))
            loads[id] = held = [];
        return held;
    }

    private void Drop(DeploymentId id)
    {
        table.Set(id, null);
        if (loads.Remove(id, out var held))
            foreach (var load in held.Values)
                load.LetGo();
    }

    private void Later(Work item, TimeSpan delay, CancellationToken cancellationToken) =>
        _ = Task.Delay(delay, time, cancellationToken).ContinueWith(_ => work.Writer.TryWrite(item), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private readonly record struct Work(TenantId Tenant, DeploymentId? Id)
    {
        public static readonly Work Everything = new(default, null);
    }

    /// <summary>A release on its way into memory, or in it.</summary>
    private sealed class Load(Task<Result<LoadedModel>> task)
    {
        public Task<Result<LoadedModel>> Task => task;

        /// <summary>Null while it loads.</summary>
        public Result<LoadedModel>? Done
        {
            get
            {
                if (task.IsFaulted)
                    return DeploymentsErrors.LoadFailed(task.Exception.GetBaseException().Message);
                return task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult() : null;
            }
        }

        /// <summary>The runtime no longer needs it; a load under way is let go when it is there.</summary>
        public void LetGo() => _ = task.ContinueWith(
            loaded => loaded.GetAwaiter().GetResult().Value?.LetGo(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
