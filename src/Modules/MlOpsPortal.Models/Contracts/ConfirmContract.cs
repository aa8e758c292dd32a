using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Contracts;

/// <summary>A person stands for a version's contract. Another contract than before voids the receipt that rested on the old one.</summary>
public sealed record ConfirmContract(ModelVersionId Version, ModelContract Contract) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        var moved = VersionLifecycle.Next(version.State, VersionMove.ConfirmContract);
        if (!moved.IsOk)
            return moved.Refusal;
        if (version is { NotRun: false, Signature: null })
            return ModelsErrors.VersionMove(version.State, VersionMove.ConfirmContract);
        var fault = version is { NotRun: false, Signature: { } signature } ? ContractCheck.Check(signature, Contract, model.Task) : ContractCheck.CheckDeclared(Contract, model.Task);
        if (fault is not null)
            return fault;
        var hash = Contract.Hash();
        if (version.Contract?.Sha256 == hash)
            return Change.To(model);
        var confirmed = version with { State = moved.Value, Contract = new ConfirmedContract(Contract, hash, Person.Of(facts.Caller), facts.Now) };
        var (after, job) = ReceiptStart.Begin(model, confirmed, facts);
        return new Change<Model>(
            model.With(after), [new ContractConfirmed(version.Id, version.Number, version.Contract?.Sha256, hash, Contract.Features.Length, Contract.Target)])
        {
            Rows = [.. job],
        };
    }
}
