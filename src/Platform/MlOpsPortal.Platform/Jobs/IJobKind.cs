using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Jobs;

/// <summary>One kind of job: what is done in the portal's process around the child. Registered with <c>AddJobKind</c>.</summary>
public interface IJobKind
{
    /// <summary>Stable, module first: <c>datasets.read</c>.</summary>
    string Kind { get; }

    /// <summary>Stages, runs, applies. May run twice for one job, so applying is idempotent.</summary>
    /// <returns>What the job's row shows as result; a refusal is final.</returns>
    Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken);

    /// <summary>The job ended without success, and will not be tried again: say so where people look. May be called twice.</summary>
    Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken);
}

/// <summary>How far a job is.</summary>
/// <param name="Step">Code of the step; its text is a resource.</param>
/// <param name="Fraction">0..1</param>
public sealed record JobProgress(string Step, double Fraction);

/// <summary>A job in a kind's hands.</summary>
public sealed class JobContext(JobId id, string kind, Caller caller, ScopeId? scope, string spec, int attempt, IProgress<JobProgress> progress)
{
    public JobId Id { get; } = id;

    public string Kind { get; } = kind;

    /// <summary>Who asked for it.</summary>
    public Caller Caller { get; } = caller;

    public TenantId Tenant => Caller.Tenant;

    public ScopeId? Scope { get; } = scope;

    /// <summary>From 1.</summary>
    public int Attempt { get; } = attempt;

    public IProgress<JobProgress> Progress { get; } = progress;

    public TSpec Spec<TSpec>() => JsonSerializer.Deserialize<TSpec>(spec, PortalJson.Options) ?? throw new JsonException($"Job {Id} has an empty spec.");
}
