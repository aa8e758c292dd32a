using System.Text.Json;
using Microsoft.Extensions.Options;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>Measures one receipt: stages file, rows and the library's answers, lets the child compare, and notes the receipt on the version.</summary>
internal sealed class ReceiptKind(
    ModelDesk models, IDatasetSource datasets, FidelityRules rules, Staging staging, ChildProcess children, IOptions<ModelsOptions> options) : IJobKind
{
    public string Kind => ModelJobs.ReceiptKind;

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionSpec>();
        var found = await models.OpenForJobAsync(job.Caller, spec, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var version = found.Value.Version;
        if (version.Fidelity is not { } fidelity || fidelity.Job != job.Id || version is not { Signature: { } signature, Contract: { } contract, File: { } file })
            return new Conflict("stale");
        var dataset = await datasets.GetAsync(job.Caller, fidelity.Native.Dataset, cancellationToken);
        if (!dataset.IsOk)
            return dataset.Refusal;
        var measured = await MeasureAsync(job, file, fidelity, signature, contract.Contract, dataset.Value, cancellationToken);
        if (measured.Refusal is Unavailable)
            return measured.Refusal;
        var noted = await models.NoteAsync(job.Caller, spec.Model, new RecordReceipt(spec.Version, job.Id, measured.Value, measured.Refusal), cancellationToken);
        return noted.Map(_ => JsonSerializer.SerializeToElement(new ReceiptVerdict(measured.Value?.Verdict, measured.Refusal?.Code), PortalJson.Options));
    }

    public Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionSpec>();
        return models.NoteAsync(job.Caller, spec.Model, new RecordReceipt(spec.Version, job.Id, null, why), cancellationToken);
    }

    private async Task<Result<FidelityReceipt>> MeasureAsync(
        JobContext job, StoredFile file, FidelityState fidelity, ModelSignature signature, ModelContract contract, DatasetFacts dataset, CancellationToken cancellationToken)
    {
        var rule = await rules.OfAsync(job.Tenant, cancellationToken);
        using var scratch = children.NewScratch();
        await staging.StageAsync(job.Tenant, file.Blob, scratch.Input(EvaluateVerb.ModelFile), cancellationToken);
        await staging.StageAsync(job.Tenant, dataset.Parquet, scratch.Input(EvaluateVerb.DataFile), cancellationToken);
        await staging.StageAsync(job.Tenant, fidelity.Native.File.Blob, scratch.Input(ReceiptVerb.NativeFile), cancellationToken);
        return await children.RunAsync<FidelityReceipt>(
            ReceiptVerb.Name, new ReceiptSpec(signature, contract, rule.Tolerance, rule.RefuseAboveShare), scratch, options.Value.Evaluation, job.Progress, cancellationToken);
    }

    /// <summary>What the job's row shows.</summary>
    private sealed record ReceiptVerdict(FidelityVerdict? Verdict, string? Failed);
}
