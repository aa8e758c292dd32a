using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Admission;

/// <summary>The child's verdict on a file: its signature, or why it is not one of ours. Hearing the same verdict twice is harmless.</summary>
internal sealed record RecordAdmission(ModelVersionId Version, ModelSignature? Signature, Refusal? RefusedFor) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        if (version.State != VersionState.Admitting)
            return Change.To(model);
        var move = Signature is null ? VersionMove.Refuse : VersionMove.Admit;
        return VersionLifecycle.Next(version.State, move).Then(state =>
        {
            var after = version with { State = state, Signature = Signature, RefusedFor = Signature is null ? RefusedFor ?? ModelsErrors.AdmissionFailed() : null };
            return Signature is null
                ? Change.To(model.With(after), new VersionRefused(version.Id, version.Number, after.RefusedFor!.Code)) // set in the line above
                : Change.To(model.With(after), new VersionAdmitted(version.Id, version.Number, Signature.Sha256));
        });
    }
}
