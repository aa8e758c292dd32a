using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;

namespace MlOpsPortal.Models;

/// <summary>The jobs that a model's changes ask for; their rows are saved with the change.</summary>
internal static class ModelJobs
{
    public const string AdmitKind = "models.admit";
    public const string ReceiptKind = "models.receipt";
    public const string EvaluateKind = "models.evaluate";

    public static JobRow Admit(Model model, ModelVersion version, Facts facts) => Row(AdmitKind, version.AdmissionJob, model, version, facts);

    public static JobRow Receipt(Model model, ModelVersion version, Facts facts) => Row(ReceiptKind, version.Fidelity?.Job, model, version, facts);

    private static JobRow Row(string kind, JobId? id, Model model, ModelVersion version, Facts facts) => JobDesk.NewRow(
        facts.Caller, new NewJob(kind, ModelDefinition.Of(model), $"{model.Name} v{version.Number}", new VersionSpec(model.Id, version.Id)) { Id = id }, facts.Now);
}

/// <summary>Which version a job is about.</summary>
internal sealed record VersionSpec(ModelId Model, ModelVersionId Version);
