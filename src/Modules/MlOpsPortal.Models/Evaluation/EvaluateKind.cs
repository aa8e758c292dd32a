using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Carries out one evaluation: stages file and rows, lets the child score and measure, stores predictions and report.</summary>
internal sealed class EvaluateKind(
    ModelDesk models, ProjectDesk projects, IDatasetSource datasets, ITenantDb<ModelsDbContext> databases, BlobStore blobs, Staging staging, ChildProcess children,
    IOptions<ModelsOptions> options, TimeProvider time) : IJobKind
{
    public string Kind => ModelJobs.EvaluateKind;

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(job.Tenant);
        var id = job.Spec<EvaluationSpec>().Evaluation;
        var row = await db.Evaluations.SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (row is null)
            return new NotFound();
        if (row.State != EvaluationState.Running)
            return Said(row);
        var found = await models.OpenForJobAsync(job.Caller, new VersionSpec(row.ModelId, row.VersionId), cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (found.Value.Version is not { Contract: { } contract } version || contract.Sha256 != row.ContractSha256)
            return ModelsErrors.EvidenceChanged();

        using var scratch = children.NewScratch();
        var staged = await StageAsync(job, row, version, scratch, cancellationToken);
        if (!staged.IsOk)
            return staged.Refusal;
        var spec = new EvaluateSpec(
            version.Signature, contract.Contract, row.Threshold, new BootstrapPlan(row.Seed, row.Resamples), staged.Value, await HeuristicColumnAsync(job.Caller, row.ProjectId, cancellationToken))
        {
            Sent = row.SentBlob is null ? null : new SentSpec(row.KeyColumn, row.ValueColumn),
            Breakdown = new BreakdownSpec(Slices: true, [.. row.Sensitive], row.ImportanceRepeats == 0 ? null : new ImportanceSpec(row.ImportanceRepeats, row.ImportanceRows)),
        };
        var answer = await children.RunAsync<EvaluateAnswer>(EvaluateVerb.Name, spec, scratch, options.Value.Evaluation, job.Progress, cancellationToken);
        if (!answer.IsOk)
            return answer.Refusal;
        var blob = await blobs.WriteFileAsync(job.Tenant, scratch.Made(EvaluateVerb.PredictionsFile).FullName, "evaluation", cancellationToken);
        db.Blobs.Add(blob);
        (row.PredictionsBlob, row.PredictionsSha256) = (blob.Id, blob.Sha256);
        db.Breakdowns.Add(new BreakdownRow { EvaluationId = row.Id, Document = JsonSerializer.Serialize(answer.Value.Breakdown ?? EvaluationBreakdown.Nothing, PortalJson.Options) });
        (row.State, row.Rows, row.Report) = (EvaluationState.Done, answer.Value.Rows, JsonSerializer.Serialize(answer.Value.Report, PortalJson.Options));
        await EndAsync(job.Caller, db, row, found.Value.Model, failed: null, cancellationToken);
        return Said(row);
    }

    public async Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(job.Tenant);
        var id = job.Spec<EvaluationSpec>().Evaluation;
        var row = await db.Evaluations.SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (row is not { State: EvaluationState.Running })
            return;
        var found = await models.OpenForJobAsync(job.Caller, new VersionSpec(row.ModelId, row.VersionId), cancellationToken);
        (row.State, row.Refusal) = (EvaluationState.Failed, JsonSerializer.Serialize(why, PortalJson.Options));
        await EndAsync(job.Caller, db, row, found.Value?.Model, why.Code, cancellationToken);
    }

    private async Task EndAsync(Caller caller, ModelsDbContext db, EvaluationRow row, Model? model, string? failed, CancellationToken cancellationToken)
    {
        var now = time.GetMicrosecondNow();
        row.EndedAt = now;
        if (model is not null)
            db.Record(caller, ModelDefinition.Of(model), new EvaluationFinished(row.Id, row.VersionId, row.Number, row.DatasetName, failed), now);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>Is the training version staged too? Not when it is not given or can no longer be read.</returns>
    private async Task<Result<bool>> StageAsync(JobContext job, EvaluationRow row, ModelVersion version, ScratchFolder scratch, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(job.Caller, row.Dataset, cancellationToken);
        if (!dataset.IsOk)
            return dataset.Refusal;
        if (row.SentBlob is { } sent)
            await staging.StageAsync(job.Tenant, sent, scratch.Input(EvaluateVerb.SentFile), cancellationToken);
        else if (version.File is { } file)
            await staging.StageAsync(job.Tenant, file.Blob, scratch.Input(EvaluateVerb.ModelFile), cancellationToken);
        else
            return ModelsErrors.SentNeeded(version.Number);
        await staging.StageAsync(job.Tenant, dataset.Value.Parquet, scratch.Input(EvaluateVerb.DataFile), cancellationToken);
        if (version.Lineage.TrainedOn is not { } trained || await datasets.GetAsync(job.Caller, trained, cancellationToken) is not { IsOk: true } training)
            return false;
        await staging.StageAsync(job.Tenant, training.Value.Parquet, scratch.Input(EvaluateVerb.TrainingFile), cancellationToken);
        return true;
    }

    private async Task<string?> HeuristicColumnAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        (await projects.GetAsync(caller, project, cancellationToken)).Value?.State.Suitability?.HeuristicColumn;

    private static JsonElement Said(EvaluationRow row) => JsonSerializer.SerializeToElement(new { evaluation = row.Id, rows = row.Rows }, PortalJson.Options);
}
