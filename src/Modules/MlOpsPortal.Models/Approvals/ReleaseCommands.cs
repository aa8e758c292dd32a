using System.Text.Json.Serialization;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Approvals;

/// <summary>Asks for a version to be let into an environment.</summary>
internal sealed record RequestRelease(
    ReleaseRequestId Id, ProjectId Project, ModelId Model, string ModelName, ModelVersionId Version, int Number, VersionState VersionState,
    ReleaseEnvironment Environment, string Reason, ReleaseEvidence Evidence) : Command<ReleaseRequest>
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.RequestRelease;

    public override Result<Change<ReleaseRequest>> Decide(ReleaseRequest? state, Facts facts)
    {
        if (state is not null)
            return new Conflict("stale");
        if (new Faults().Text("reason", Reason, ModelLimits.Reason).Refusal is { } refusal)
            return refusal;
        if (ReleaseGate.Check(Environment, VersionState, Evidence) is { } missing)
            return missing;
        var request = new ReleaseRequest
        {
            Id = Id,
            Project = Project,
            Model = Model,
            ModelName = ModelName,
            Version = Version,
            Number = Number,
            Environment = Environment,
            State = ReleaseState.Requested,
            Reason = Reason.Trim(),
            RequestedBy = Person.Of(facts.Caller),
            RequestedAt = facts.Now,
            Evidence = Evidence,
            EvidenceSha256 = Evidence.Hash(),
        };
        return Change.To(request, new ReleaseRequested(Version, Number, Environment, request.Reason, request.EvidenceSha256));
    }
}

/// <summary>A change to a request that exists.</summary>
internal abstract record ReleaseCommand(string Comment) : Command<ReleaseRequest>
{
    protected abstract ReleaseMove Move { get; }

    public sealed override Result<Change<ReleaseRequest>> Decide(ReleaseRequest? state, Facts facts)
    {
        if (state is null)
            return new NotFound();
        if (new Faults().Text("comment", Comment, ModelLimits.Reason).Refusal is { } refusal)
            return refusal;
        var moved = ReleaseLifecycle.Next(state.State, Move);
        return moved.IsOk ? Decide(state, moved.Value, facts) : moved.Refusal;
    }

    protected abstract Result<Change<ReleaseRequest>> Decide(ReleaseRequest request, ReleaseState to, Facts facts);

    protected ReleaseRequest Decided(ReleaseRequest request, ReleaseState to, Facts facts, string evidenceSha256) =>
        request with { State = to, Decision = new ReleaseDecision(Person.Of(facts.Caller), facts.Now, Comment.Trim(), evidenceSha256) };
}

/// <summary>Signs a release: not by the one who asked for it, and only for the file and contract that were shown.</summary>
/// <param name="Present">The evidence as it stands now.</param>
internal sealed record ApproveRelease(string Comment, VersionState VersionState, ReleaseEvidence Present) : ReleaseCommand(Comment)
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.DecideRelease;

    protected override ReleaseMove Move => ReleaseMove.Approve;

    protected override Result<Change<ReleaseRequest>> Decide(ReleaseRequest request, ReleaseState to, Facts facts)
    {
        if (facts.Caller.User == request.RequestedBy.Id)
            return ModelsErrors.OwnRequest();
        if (ReleaseGate.Check(request.Environment, VersionState, Present) is { } missing)
            return missing;
        if (Present.FileSha256 != request.Evidence.FileSha256 || Present.ContractSha256 != request.Evidence.ContractSha256 || Present.Fidelity != request.Evidence.Fidelity)
            return ModelsErrors.EvidenceChanged();
        var after = Decided(request, to, facts, Present.Hash());
        return Change.To(after, new ReleaseApproved(request.Version, request.Number, request.Environment, after.Decision!.Comment, after.Decision.EvidenceSha256)); // set in the line above
    }
}

/// <summary>Says no, and why.</summary>
internal sealed record RejectRelease(string Comment) : ReleaseCommand(Comment)
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.DecideRelease;

    protected override ReleaseMove Move => ReleaseMove.Reject;

    protected override Result<Change<ReleaseRequest>> Decide(ReleaseRequest request, ReleaseState to, Facts facts) =>
        facts.Caller.User == request.RequestedBy.Id
            ? ModelsErrors.OwnRequest()
            : Change.To(Decided(request, to, facts, request.EvidenceSha256), new ReleaseRejected(request.Version, request.Number, request.Environment, Comment.Trim()));
}

/// <summary>Takes a request back before it was decided.</summary>
internal sealed record WithdrawRelease(string Comment) : ReleaseCommand(Comment)
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.RequestRelease;

    protected override ReleaseMove Move => ReleaseMove.Withdraw;

    protected override Result<Change<ReleaseRequest>> Decide(ReleaseRequest request, ReleaseState to, Facts facts) =>
        Change.To(Decided(request, to, facts, request.EvidenceSha256), new ReleaseWithdrawn(request.Version, request.Number, request.Environment, Comment.Trim()));
}
