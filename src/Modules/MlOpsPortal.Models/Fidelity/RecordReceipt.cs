using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>Brings the library's own predictions, or others than before; measured at once when a contract is confirmed.</summary>
internal sealed record AddPredictions(ModelVersionId Version, TakenPredictions Native) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        if (version.NotRun)
            return ModelsErrors.NotRun(version.Number);
        if (version.State is VersionState.Refused)
            return ModelsErrors.NotReady(version.Number);
        var (after, job) = ReceiptStart.Begin(model, version with { Fidelity = new FidelityState(Native.Native) }, facts);
        return new Change<Model>(model.With(after), [new PredictionsAdded(version.Id, version.Number, Native.Blob.File.Sha256)])
        {
            Rows = [Native.Blob.Row(facts.Now), .. job],
        };
    }
}

/// <summary>Stores what was measured. What another job than the present one says is dropped: it is about a contract or predictions that are no more.</summary>
internal sealed record RecordReceipt(ModelVersionId Version, JobId Job, FidelityReceipt? Receipt, Refusal? Failed) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        if (version.Fidelity is not { Receipt: null, Failed: null } fidelity || fidelity.Job != Job)
            return Change.To(model);
        var after = fidelity with { Receipt = Receipt, Failed = Failed, MeasuredAt = facts.Now };
        return Change.To(
            model.With(version with { Fidelity = after }),
            new ReceiptMeasured(version.Id, version.Number, Receipt?.Verdict, Receipt?.ShareOver, Receipt?.LargestDifference, Failed?.Code));
    }
}
