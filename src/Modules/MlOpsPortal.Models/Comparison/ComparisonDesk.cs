using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Comparison;

/// <summary>Versions side by side on one dataset version, from their stored predictions: the same rows for all, so that the comparison is paired.</summary>
public sealed class ComparisonDesk : IDisposable
{
    private const int MaxVersions = 6;
    private const int MaxRows = 1_000_000;
    private const int Kept = 64;
    private readonly ModelDesk models;
    private readonly EvaluationDesk evaluations;
    private readonly ITenantDb<ModelsDbContext> databases;
    private readonly BlobStore blobs;

    /// <summary>Evaluations never change, so a comparison of the same ones is the same.</summary>
    private readonly ConcurrentDictionary<string, ModelVersusModel> done = new(StringComparer.Ordinal);

    /// <summary>A comparison takes a core for a second or two; requests wait for each other rather than for everything else.</summary>
    private readonly SemaphoreSlim one = new(1);

    internal ComparisonDesk(ModelDesk models, EvaluationDesk evaluations, ITenantDb<ModelsDbContext> databases, BlobStore blobs) =>
        (this.models, this.evaluations, this.databases, this.blobs) = (models, evaluations, databases, blobs);

    /// <summary>Compares what has been evaluated.</summary>
    /// <returns><c>models.not_evaluated</c> names the versions that <see cref="PrepareAsync"/> evaluates.</returns>
    public async Task<Result<ComparisonView>> CompareAsync(Caller caller, ImmutableArray<ModelVersionId> versions, VersionRef dataset, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, versions, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = await LatestAsync(db, found.Value, dataset, cancellationToken);
        var missing = found.Value.Where(version => !rows.ContainsKey(version.Version.Id)).ToList();
        if (missing.Count > 0)
            return new Conflict("models.not_evaluated", string.Join(", ", missing.Select(Name)));
        var ordered = found.Value.Select(version => rows[version.Version.Id]).ToList();
        if (ordered.Max(row => row.Rows ?? 0) > MaxRows)
            return ModelsErrors.Unprocessable("models.compare_rows", MaxRows.ToString(CultureInfo.InvariantCulture));
        var result = await ComputeAsync(caller, found.Value, ordered, cancellationToken);
        return result.IsOk ? ComparisonView.Of(found.Value, ordered, result.Value, await EvaluationDesk.UsesAsync(db, dataset, cancellationToken)) : result.Refusal;
    }

    /// <summary>Asks for the evaluations that a comparison lacks.</summary>
    /// <returns>What was asked for; empty when nothing is missing.</returns>
    public async Task<Result<ImmutableArray<EvaluationView>>> PrepareAsync(Caller caller, ImmutableArray<ModelVersionId> versions, VersionRef dataset, CancellationToken cancellationToken)
    {
        var found = await FindAsync(caller, versions, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        // All or nothing: a version that cannot be evaluated stops the request before anything is asked for.
        if (found.Value.FirstOrDefault(version => version.Version.State != VersionState.Ready) is { } unready)
            return ModelsErrors.NotReady(unready.Version.Number);
        await using var db = databases.Open(caller.Tenant);
        var rows = await LatestAsync(db, found.Value, dataset, cancellationToken);
        if (found.Value.FirstOrDefault(version => version.Version.NotRun && !rows.ContainsKey(version.Version.Id)) is { } elsewhere)
            return ModelsErrors.SentNeeded(elsewhere.Version.Number);
        var ids = found.Value.Select(version => version.Version.Id).ToList();
        var running = await db.Evaluations
            .Where(row => row.DatasetId == dataset.Dataset && row.DatasetNumber == dataset.Number && ids.Contains(row.VersionId) && row.State == EvaluationState.Running)
            .Select(row => row.VersionId).ToListAsync(cancellationToken);
        var asked = ImmutableArray.CreateBuilder<EvaluationView>();
        foreach (var version in found.Value.Where(version => !rows.ContainsKey(version.Version.Id) && !running.Contains(version.Version.Id)))
        {
            var request = await evaluations.RequestAsync(caller with { Idempotency = null }, version.Model.Id, version.Version.Number, new NewEvaluation(dataset, null, null, null), cancellationToken);
            if (!request.IsOk)
                return request.Refusal;
            asked.Add(request.Value);
        }

        return asked.ToImmutable();
    }

    public void Dispose() => one.Dispose();

    internal static string Name(FoundVersion found) => $"{found.Model.Name} v{found.Version.Number.ToString(CultureInfo.InvariantCulture)}";

    private async Task<Result<ImmutableArray<FoundVersion>>> FindAsync(Caller caller, ImmutableArray<ModelVersionId> versions, CancellationToken cancellationToken)
    {
        var distinct = versions.IsDefault ? [] : versions.Distinct().ToImmutableArray();
        if (distinct.Length is 0 or > MaxVersions)
            return new Validation("models.compare_count", MaxVersions.ToString(CultureInfo.InvariantCulture));
        var found = ImmutableArray.CreateBuilder<FoundVersion>();
        foreach (var id in distinct)
        {
            var version = await models.FindVersionAsync(caller, id, cancellationToken);
            if (!version.IsOk)
                return version.Refusal;
            found.Add(version.Value);
        }

        return found.Select(version => (version.Model.Task, version.Model.Project)).Distinct().Skip(1).Any() ? new Conflict("models.compare_kinds") : found.ToImmutable();
    }

    /// <summary>Of each version the newest evaluation through its present contract.</summary>
    private static async Task<Dictionary<ModelVersionId, EvaluationRow>> LatestAsync(
        ModelsDbContext db, ImmutableArray<FoundVersion> versions, VersionRef dataset, CancellationToken cancellationToken)
    {
        var ids = versions.Select(version => version.Version.Id).ToList();
        var rows = await db.Evaluations.AsNoTracking()
            .Where(row => row.DatasetId == dataset.Dataset && row.DatasetNumber == dataset.Number && ids.Contains(row.VersionId) && row.State == EvaluationState.Done)
            .OrderByDescending(row => row.RequestedAt).ToListAsync(cancellationToken);
        return versions
            .Select(version => rows.Find(row => row.VersionId == version.Version.Id && row.ContractSha256 == version.Version.Contract?.Sha256))
            .OfType<EvaluationRow>().ToDictionary(row => row.VersionId);
    }

    /// <summary>The same numbers of classes mean something only when they name the same classes.</summary>
    private static bool SameClasses(EvaluationRow row, EvaluationRow other) =>
        EvaluationDesk.ReadReport(row)?.Multiclass?.Classes is not { } classes || classes.SequenceEqual(EvaluationDesk.ReadReport(other)?.Multiclass?.Classes ?? []);

    private async Task<Result<ModelVersusModel>> ComputeAsync(Caller caller, ImmutableArray<FoundVersion> versions, List<EvaluationRow> rows, CancellationToken cancellationToken)
    {
        var key = $"{caller.Tenant}|{string.Join('|', rows.Select(row => row.Id))}";
        if (done.TryGetValue(key, out var known))
            return known;
        await one.WaitAsync(cancellationToken);
        try
        {
            var predictions = new List<StoredPredictions>();
            foreach (var row in rows)
            {
                await using var content = await blobs.OpenReadAsync(caller.Tenant, row.PredictionsBlob!.Value, cancellationToken); // done evaluations have predictions
                predictions.Add(await Predictions.ReadAsync(content, cancellationToken));
            }

            if (predictions.Exists(other => !other.Actual.AsSpan().SequenceEqual(predictions[0].Actual)))
                return new Conflict("models.compare_targets");
            if (rows.Exists(row => !SameClasses(row, rows[0])))
                return new Conflict("models.compare_classes");
            var computed = await Task.Run(() => ModelVersusModel.Compute([.. versions.Select(Name)], rows, predictions), cancellationToken);
            if (done.Count >= Kept)
                done.Clear();
            return done[key] = computed;
        }
        finally
        {
            one.Release();
        }
    }
}
