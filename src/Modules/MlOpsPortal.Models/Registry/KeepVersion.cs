using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Registry;

/// <summary>Keeps a refused file as a version that the portal does not run: it is stored and handed out, never opened, and judged by predictions that are sent in.</summary>
public sealed record KeepVersion(ModelVersionId Version) : VersionCommand(Version)
{
    protected override Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults)
    {
        var moved = VersionLifecycle.Next(version.State, VersionMove.Keep);
        return moved.IsOk
            ? Change.To(model.With(version with { State = moved.Value, NotRun = true, Fidelity = null }), new VersionKept(version.Id, version.Number))
            : moved.Refusal;
    }
}
