using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Asks for an evaluation.</summary>
/// <param name="Threshold">Binary: 0..1; the contract's when null.</param>
/// <param name="Seed">Of the bootstrap; recorded, 20250101 when null.</param>
/// <param name="Resamples">100 to 10,000; when null, 1,000 for up to 50,000 rows and fewer beyond.</param>
public sealed record NewEvaluation(VersionRef Dataset, double? Threshold, int? Seed, int? Resamples)
{
    /// <summary>Of a version that the portal does not run: its predictions for the dataset version.</summary>
    public PredictionsSent? Predictions { get; init; }

    /// <summary>Binary: columns whose groups are compared (Fairlearn's definitions); when null, those of the model's newest evaluation.</summary>
    public ImmutableArray<string>? Sensitive { get; init; }

    /// <summary>Of a version that the portal runs: permutation importance; when null, 5 repeats on a sample of rows.</summary>
    public ImportanceAsked? Importance { get; init; }
}

/// <summary>Predictions that were made elsewhere, as CSV or Parquet: one for each row of the dataset version.</summary>
/// <param name="Upload">A complete upload of the caller's.</param>
/// <param name="KeyColumn">A column of the file and of the dataset version that names each row; when null, the file's column row counts the rows from 0, and without one the order does.</param>
/// <param name="ValueColumn">When null: probability, prediction, score or value; of several classes probability_ and the class, or its number from 0.</param>
public sealed record PredictionsSent(UploadId Upload, string? KeyColumn, string? ValueColumn);

/// <param name="Repeats">Shuffles of each feature, 2 to 50; 0 for none.</param>
/// <param name="Rows">Sample, 100 to 200,000; when null, what 300,000 scored rows allow.</param>
public sealed record ImportanceAsked(int Repeats, int? Rows);

/// <summary>An evaluation as people and programs see it.</summary>
/// <param name="UsesContract">Does it rest on the version's present contract?</param>
/// <param name="TimesUsed">How many evaluations this dataset version has served so far: a test set that is looked at often stops being one.</param>
/// <param name="Report">Null until it is done.</param>
public sealed record EvaluationView(
    EvaluationId Id, ModelId Model, string ModelName, ModelVersionId Version, int Number, MlTask Task, VersionRef Dataset, string DatasetName, DatasetRole DatasetRole,
    EvaluationState State, bool UsesContract, double? Threshold, int Seed, int Resamples, int? Rows, int TimesUsed, JobId Job, EvaluationReport? Report, EvaluationFault? Fault,
    string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? EndedAt)
{
    /// <summary>The predictions were made elsewhere and sent in as this file; null when the portal scored.</summary>
    public SentFile? Sent { get; init; }

    public ImmutableArray<string> Sensitive { get; init; } = [];
}

/// <param name="Name">As its sender called it.</param>
/// <param name="KeyColumn">Null: rows went by their number.</param>
public sealed record SentFile(string Name, string Sha256, string? KeyColumn);

public sealed record EvaluationFault(string Code, string Detail);

/// <summary>Evaluations of versions on dataset versions.</summary>
public sealed class EvaluationDesk
{
    private const int DefaultSeed = 20250101;
    private const int DefaultRepeats = 5;
    private const int MaxSensitive = 10;
    private readonly ModelDesk models;
    private readonly IDatasetSource datasets;
    private readonly ITenantDb<ModelsDbContext> databases;
    private readonly BlobStore blobs;
    private readonly JobDesk jobs;
    private readonly UploadDesk uploads;
    private readonly RefusalTexts texts;
    private readonly TimeProvider time;

    internal EvaluationDesk(ModelDesk models, IDatasetSource datasets, ITenantDb<ModelsDbContext> databases, BlobStore blobs, JobDesk jobs, UploadDesk uploads, RefusalTexts texts, TimeProvider time) =>
        (this.models, this.datasets, this.databases, this.blobs, this.jobs, this.uploads, this.texts, this.time) = (models, datasets, databases, blobs, jobs, uploads, texts, time);

    public async Task<Result<EvaluationView>> RequestAsync(Caller caller, ModelId id, int number, NewEvaluation request, CancellationToken cancellationToken)
    {
        var opened = await models.OpenAsync(caller, id, ModelsPermissions.Evaluate, cancellationToken);
        if (!opened.IsOk)
            return opened.Refusal;
        var model = opened.Value.State;
        if (number < 1 || number > model.Versions.Length)
            return new NotFound();
        var version = model.Versions[number - 1];
        if (Check(model, version, request) is { } refusal)
            return refusal;
        var dataset = await datasets.GetAsync(caller, request.Dataset, cancellationToken);
        if (!dataset.IsOk)
            return dataset.Refusal;
        if (dataset.Value.Project != model.Project)
            return ModelsErrors.DatasetOfOtherProject();
        if (CheckColumns(dataset.Value, request) is { } missing)
            return missing;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<EvaluationView>(caller, cancellationToken) is { } before)
            return before;
        var now = time.GetMicrosecondNow();
        var row = NewRow(caller, model, version, dataset.Value, request, now);
        row.Sensitive = [.. request.Sensitive ?? await UsualSensitiveAsync(db, model, dataset.Value, cancellationToken)];
        if (request.Predictions is { } sent)
        {
            var taken = await uploads.TakeAsync(db, caller, sent.Upload, "predictions", cancellationToken);
            if (!taken.IsOk)
                return taken.Refusal;
            (row.SentBlob, row.SentSha256, row.SentName) = (taken.Value.Blob.Id, taken.Value.Blob.Sha256, taken.Value.FileName);
            (row.KeyColumn, row.ValueColumn) = (Given(sent.KeyColumn), Given(sent.ValueColumn));
        }

        db.Evaluations.Add(row);
        var subject = ModelDefinition.Of(model);
        jobs.Enqueue(db, caller, new NewJob(ModelJobs.EvaluateKind, subject, $"{model.Name} v{version.Number} · {row.DatasetName}", new EvaluationSpec(row.Id)) { Id = row.JobId });
        db.Record(caller, subject, new EvaluationRequested(row.Id, version.Id, version.Number, row.DatasetName), now);
        var uses = await UsesAsync(db, row.Dataset, cancellationToken);
        return await db.CommitAsync(caller, View(row, version.Contract?.Sha256, uses), now, cancellationToken);
    }

    public async Task<Result<EvaluationView>> GetAsync(Caller caller, EvaluationId id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        if (row is null)
            return new NotFound();
        var model = await models.GetAsync(caller, row.ModelId, cancellationToken);
        return model.IsOk
            ? View(row, model.Value.State.Find(row.VersionId)?.Contract?.Sha256, await UsesAsync(db, row.Dataset, cancellationToken))
            : model.Refusal;
    }

    /// <summary>A version's evaluations, newest first, without their reports' curves: the latest two hundred.</summary>
    public async Task<Result<ImmutableArray<EvaluationView>>> ListAsync(Caller caller, ModelId id, int number, CancellationToken cancellationToken)
    {
        var found = await models.GetVersionAsync(caller, id, number, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Evaluations.AsNoTracking().Where(row => row.VersionId == found.Value.Version.Id).OrderByDescending(row => row.RequestedAt).Take(200).ToListAsync(cancellationToken);
        var sets = rows.Select(row => row.DatasetId).Distinct().ToList();
        var uses = await db.Evaluations.Where(row => sets.Contains(row.DatasetId) && row.State == EvaluationState.Done)
            .GroupBy(row => new { row.DatasetId, row.DatasetNumber }).Select(group => new { group.Key.DatasetId, group.Key.DatasetNumber, Count = group.Count() })
            .ToDictionaryAsync(group => new VersionRef(group.DatasetId, group.DatasetNumber), group => group.Count, cancellationToken);
        return rows.Select(row => View(row, found.Value.Version.Contract?.Sha256, uses.GetValueOrDefault(row.Dataset))).ToImmutableArray();
    }

    /// <summary>Slices, fairness and importance of an evaluation that is done.</summary>
    public async Task<Result<EvaluationBreakdown>> BreakdownAsync(Caller caller, EvaluationId id, CancellationToken cancellationToken)
    {
        var found = await GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var text = await db.Breakdowns.AsNoTracking().Where(row => row.EvaluationId == id).Select(row => row.Document).SingleOrDefaultAsync(cancellationToken);
        return text is null ? EvaluationBreakdown.Nothing : JsonSerializer.Deserialize<EvaluationBreakdown>(text, PortalJson.Options) ?? EvaluationBreakdown.Nothing;
    }

    /// <summary>The stored predictions as CSV. The caller disposes the stream.</summary>
    public async Task<Result<Stream>> OpenPredictionsAsync(Caller caller, EvaluationId id, CancellationToken cancellationToken)
    {
        var found = await GetAsync(caller, id, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var blob = await db.Evaluations.Where(row => row.Id == id).Select(row => row.PredictionsBlob).SingleAsync(cancellationToken);
        return blob is { } known ? await blobs.OpenReadAsync(caller.Tenant, known, cancellationToken) : new NotFound();
    }

    /// <summary>How often a dataset version has been evaluated on, by any model of the tenant.</summary>
    internal static Task<int> UsesAsync(ModelsDbContext db, VersionRef dataset, CancellationToken cancellationToken) =>
        db.Evaluations.CountAsync(row => row.DatasetId == dataset.Dataset && row.DatasetNumber == dataset.Number && row.State == EvaluationState.Done, cancellationToken);

    private static Refusal? Check(Model model, ModelVersion version, NewEvaluation request)
    {
        if (version.State != VersionState.Ready || version.Contract is null)
            return ModelsErrors.NotReady(version.Number);
        if (version.NotRun && request.Predictions is null)
            return ModelsErrors.SentNeeded(version.Number);
        if (!version.NotRun && request.Predictions is not null)
            return ModelsErrors.SentNotTaken(version.Number);
        return new Faults()
            .When(request.Sensitive is { IsEmpty: false } && model.Task != MlTask.Binary, "sensitive", "models.sensitive_binary")
            .When(request.Sensitive is { Length: > MaxSensitive }, "sensitive", "models.sensitive_count", MaxSensitive.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .When(request.Importance is { Repeats: not (0 or (>= 2 and <= 50)) }, "importance.repeats", "models.importance_repeats")
            .When(request.Importance is { Rows: not (null or (>= 100 and <= 200_000)) }, "importance.rows", "models.importance_rows")
            .When(request.Threshold is not (null or (>= 0 and <= 1)) || (request.Threshold is not null && model.Task != MlTask.Binary), "threshold", "models.contract_threshold")
            .When(request.Resamples is not (null or (>= 100 and <= 10_000)), "resamples", "models.resamples")
            .Refusal;
    }

    /// <summary>What a request names of the dataset version must be there; the child looks again, at the rows.</summary>
    private static Validation? CheckColumns(DatasetFacts dataset, NewEvaluation request)
    {
        bool Knows(string name) => dataset.Columns.Any(column => column.Name == name);
        var key = Given(request.Predictions?.KeyColumn);
        var faults = new Faults().When(key is not null && !Knows(key), "predictions.keyColumn", "models.sent_key", key ?? "");
        foreach (var name in (request.Sensitive ?? []).Where(name => !Knows(name)))
            faults.When(true, "sensitive", "models.sensitive_column", name);
        return faults.Refusal;
    }

    /// <summary>Who has named sensitive attributes once means them for the next evaluation too.</summary>
    private static async Task<IEnumerable<string>> UsualSensitiveAsync(ModelsDbContext db, Model model, DatasetFacts dataset, CancellationToken cancellationToken)
    {
        var named = await db.Evaluations.AsNoTracking().Where(row => row.ModelId == model.Id).OrderByDescending(row => row.RequestedAt).Select(row => row.Sensitive).FirstOrDefaultAsync(cancellationToken);
        return (named ?? []).Where(name => dataset.Columns.Any(column => column.Name == name));
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static EvaluationRow NewRow(Caller caller, Model model, ModelVersion version, DatasetFacts dataset, NewEvaluation request, DateTimeOffset now) => new()
    {
        Id = Id.New<EvaluationId>(now),
        ProjectId = model.Project,
        ModelId = model.Id,
        ModelName = model.Name,
        VersionId = version.Id,
        Number = version.Number,
        Task = model.Task,
        DatasetId = dataset.Version.Dataset,
        DatasetNumber = dataset.Version.Number,
        DatasetName = dataset.Name,
        DatasetRole = dataset.Role,
        State = EvaluationState.Running,
        ContractSha256 = version.Contract!.Sha256, // checked before
        Threshold = model.Task == MlTask.Binary ? request.Threshold ?? version.Contract.Contract.Threshold : null,
        Seed = request.Seed ?? DefaultSeed,
        Resamples = request.Resamples ?? DefaultResamples(dataset.Rows),
        ImportanceRepeats = version.NotRun ? 0 : request.Importance?.Repeats ?? DefaultRepeats,
        ImportanceRows = request.Importance?.Rows,
        JobId = Id.New<JobId>(now),
        RequestedBy = caller.User,
        RequestedByName = caller.Name,
        RequestedAt = now,
    };

    /// <summary>A resample costs a pass over the rows, and intervals of many rows need fewer of them.</summary>
    private static int DefaultResamples(long rows) => (int)Math.Clamp(50_000_000 / Math.Max(rows, 1), 100, 1000);

    private EvaluationView View(EvaluationRow row, string? contract, int uses)
    {
        var refusal = row.Refusal is null ? null : JsonSerializer.Deserialize<Refusal>(row.Refusal, PortalJson.Options);
        return new EvaluationView(
            row.Id, row.ModelId, row.ModelName, row.VersionId, row.Number, row.Task, row.Dataset, row.DatasetName, row.DatasetRole, row.State, row.ContractSha256 == contract,
            row.Threshold, row.Seed, row.Resamples, row.Rows, uses, row.JobId, ReadReport(row), refusal is null ? null : new EvaluationFault(refusal.Code, texts.Sentence(refusal)),
            row.RequestedByName, row.RequestedAt, row.EndedAt)
        {
            Sent = row.SentSha256 is null ? null : new SentFile(row.SentName ?? "", row.SentSha256, row.KeyColumn),
            Sensitive = [.. row.Sensitive],
        };
    }

    internal static EvaluationReport? ReadReport(EvaluationRow row) => row.Report is null ? null : JsonSerializer.Deserialize<EvaluationReport>(row.Report, PortalJson.Options);
}

/// <summary>Which evaluation a job is about.</summary>
internal sealed record EvaluationSpec(EvaluationId Evaluation);
