using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Deployments.Releases;

/// <summary>Takes the model out of the answer at once.</summary>
/// <param name="Fallback">What callers get instead (a probability, or a value of the target's kind); null for a 503 that says so.</param>
public sealed record SwitchOff(string Reason, double? Fallback = null) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        faults.Text("reason", Reason, 1000)
            .When(Fallback is { } value && !double.IsFinite(value), "fallback", "deployments.fallback_finite")
            .When(Fallback is not (null or (>= 0 and <= 1)) && deployment.Live?.Version.Contract.Task == Projects.Problem.MlTask.Binary, "fallback", "deployments.fallback_probability");
        if (faults.Refusal is { } refusal)
            return refusal;
        if (deployment.Off is not null)
            return DeploymentsErrors.AlreadyOff();
        return Change.To(
            deployment with { Off = new OffSwitch(Fallback, Reason.Trim(), facts.Caller.User, facts.Caller.Name, facts.Now) },
            new SwitchedOff(Fallback, Reason.Trim()));
    }
}

/// <summary>Lets the live release answer again.</summary>
public sealed record SwitchOn(string? Comment = null) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (faults.OptionalText("comment", Comment, 1000).Refusal is { } refusal)
            return refusal;
        return deployment.Off is null
            ? DeploymentsErrors.NotOff()
            : Change.To(deployment with { Off = null, OffRehearsedAt = facts.Now }, new SwitchedOn(Comment?.Trim() ?? ""));
    }
}

/// <summary>What happens when predictions cannot be logged, and what the latency should stay under.</summary>
public sealed record SetServingRules(WhenSpoolFull WhenSpoolFull, double LatencyBudgetMs) : DeploymentCommand
{
    protected override Result<Change<Deployment>> Decide(Deployment deployment, Facts facts, Faults faults)
    {
        if (faults.When(LatencyBudgetMs is not (> 0 and <= 60_000), "latencyBudgetMs", "deployments.budget").Refusal is { } refusal)
            return refusal;
        return Change.To(
            deployment with { WhenSpoolFull = WhenSpoolFull, LatencyBudgetMs = LatencyBudgetMs },
            new ServingRulesSet(deployment.WhenSpoolFull, WhenSpoolFull, deployment.LatencyBudgetMs, LatencyBudgetMs));
    }
}
