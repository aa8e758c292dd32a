using System.Text.Json;
using Microsoft.Extensions.Options;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Models.Admission;

/// <summary>Admits one file: stages it, lets the child look, and notes the verdict on the version. A refused file is a verdict, not a failed job.</summary>
internal sealed class AdmitKind(ModelDesk models, Staging staging, ChildProcess children, IOptions<ModelsOptions> options) : IJobKind
{
    public string Kind => ModelJobs.AdmitKind;

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionSpec>();
        var found = await models.OpenForJobAsync(job.Caller, spec, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (found.Value.Version.File is not { } file)
            return new Conflict("stale");
        using var scratch = children.NewScratch();
        await staging.StageAsync(job.Tenant, file.Blob, scratch.Input(EvaluateVerb.ModelFile), cancellationToken);
        var admitted = await children.RunAsync<ModelSignature>(AdmitVerb.Name, new AdmitSpec(file.Bytes, file.Sha256), scratch, options.Value.Admission, job.Progress, cancellationToken);
        if (admitted.Refusal is Unavailable)
            return admitted.Refusal;
        var noted = await models.NoteAsync(job.Caller, spec.Model, new RecordAdmission(spec.Version, admitted.Value, admitted.Refusal), cancellationToken);
        return noted.Map(_ => JsonSerializer.SerializeToElement(new AdmissionVerdict(admitted.IsOk, admitted.Refusal?.Code), PortalJson.Options));
    }

    public Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionSpec>();
        return models.NoteAsync(job.Caller, spec.Model, new RecordAdmission(spec.Version, null, why), cancellationToken);
    }

    /// <summary>What the job's row shows.</summary>
    private sealed record AdmissionVerdict(bool Admitted, string? RefusedFor);
}
