using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Deployments;
using MlOpsPortal.Deployments.Serving.Spool;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.PredictionLog;

/// <summary>Predictions that were made elsewhere.</summary>
/// <param name="Predictions">Up to 10,000.</param>
public sealed record PredictionBatch(ImmutableArray<NewPrediction> Predictions);

/// <param name="Id">1 to 100 printable ASCII characters without spaces; unique per endpoint and UTC day.</param>
/// <param name="OccurredAt">Up to ten years back and a day ahead; whole microseconds.</param>
/// <param name="Output">Probability of the positive class, or the value.</param>
/// <param name="Features">By name: numbers, texts, true and false, null.</param>
/// <param name="Label">The decision, if one was made.</param>
/// <param name="Version">Number of the model version, where the portal knows it.</param>
public sealed record NewPrediction(string Id, DateTimeOffset OccurredAt, double Output, ImmutableSortedDictionary<string, JsonElement>? Features = null, string? Label = null, int? Version = null);

/// <param name="Added">New in the log.</param>
/// <param name="Known">In it already by id and day: the first stays.</param>
public sealed record TakenPredictions(int Added, int Known);

/// <summary>Takes predictions of models that run elsewhere into the log of an endpoint, where they are watched like any other.</summary>
public sealed class PredictionIntake
{
    public const int Most = 10_000;
    private const int MaxFeatures = 2000;
    private const int MaxText = 10_000;
    private const int MaxLabel = 200;

    /// <summary>"Not measured": the log's latency of a prediction that was not scored here.</summary>
    internal const int NoLatency = -1;
    private readonly DeploymentDesk deployments;
    private readonly IPermissions permissions;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly PredictionStore store;
    private readonly TimeProvider time;

    internal PredictionIntake(DeploymentDesk deployments, IPermissions permissions, ITenantDb<MonitoringDbContext> databases, PredictionStore store, TimeProvider time) =>
        (this.deployments, this.permissions, this.databases, this.store, this.time) = (deployments, permissions, databases, store, time);

    /// <summary>All of a batch or nothing; sending it again adds nothing.</summary>
    public async Task<Result<TakenPredictions>> TakeAsync(Caller caller, DeploymentId id, PredictionBatch batch, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(deployments, permissions, caller, id, cancellationToken);
        if (!opened.IsOk)
            return opened.Refusal;
        var now = time.GetMicrosecondNow();
        if (Check(batch, now) is { } refusal)
            return refusal;
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<TakenPredictions>(caller, cancellationToken) is { } before)
            return before;
        var logged = batch.Predictions.Select(prediction => new LoggedPrediction(
            caller.Tenant, id, prediction.Id, Microseconds(prediction.OccurredAt), now, prediction.Version, prediction.Output, prediction.Label, NoLatency,
            prediction.Features is null ? "{}" : JsonSerializer.Serialize(prediction.Features))).ToList();
        await store.EnsurePartitionsAsync(db, logged, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var added = await PredictionStore.InsertAsync(db, caller.Tenant, logged, cancellationToken);
        if (added > 0)
            db.Record(caller, new Subject("deployment", id.ToString(), opened.Value.Name, opened.Value.Project.Scope), new PredictionsTaken(added), now);
        var answer = await db.CommitAsync(caller, new TakenPredictions(added, logged.Count - added), now, cancellationToken);
        if (answer.IsOk)
            await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>An endpoint for one who may send what is watched of it.</summary>
    internal static async Task<Result<Deployment>> OpenAsync(DeploymentDesk deployments, IPermissions permissions, Caller caller, DeploymentId id, CancellationToken cancellationToken)
    {
        var deployment = await deployments.GetAsync(caller, id, cancellationToken);
        if (!deployment.IsOk)
            return deployment.Refusal;
        var allowed = await permissions.DemandAsync(caller, deployment.Value.State.Project.Scope, MonitoringPermissions.Send, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        return deployment.Value.State.ArchivedAt is null ? deployment.Value.State : DeploymentsErrors.Archived();
    }

    /// <summary>Time as the log keeps it.</summary>
    internal static DateTimeOffset Microseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    internal static bool IsId(string? id) => id is { Length: > 0 and <= 100 } && id.All(character => character is > ' ' and <= '~');

    private static Validation? Check(PredictionBatch batch, DateTimeOffset now)
    {
        if (batch.Predictions.Length > Most)
            return MonitoringErrors.TooMany(Most);
        var faults = new Faults();
        for (var index = 0; index < batch.Predictions.Length; index++)
        {
            var prediction = batch.Predictions[index];
            var at = string.Create(CultureInfo.InvariantCulture, $"predictions[{index}]");
            faults.When(!IsId(prediction.Id), at + ".id", "monitoring.id_form", "100");
            faults.When(prediction.OccurredAt < now.AddDays(-PredictionStore.DaysBack) || prediction.OccurredAt > now.AddDays(1), at + ".occurredAt", "monitoring.time_range");
            faults.When(!double.IsFinite(prediction.Output), at + ".output", "monitoring.not_finite");
            faults.OptionalText(at + ".label", prediction.Label, MaxLabel);
            faults.When(prediction.Version is < 1, at + ".version", "monitoring.version");
            faults.When(prediction.Features is { Count: > MaxFeatures }, at + ".features", "monitoring.features_many", MaxFeatures.ToString(CultureInfo.InvariantCulture));
            foreach (var (name, value) in prediction.Features ?? ImmutableSortedDictionary<string, JsonElement>.Empty)
                CheckFeature(faults, at, name, value);
            if (faults.Any)
                return faults.Refusal; // one prediction's faults are enough to see what is meant
        }

        return null;
    }

    private static void CheckFeature(Faults faults, string at, string name, JsonElement value)
    {
        var wrong = value.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Undefined => true,
            JsonValueKind.String => value.GetString() is not { Length: <= MaxText } text || text.Contains('\0', StringComparison.Ordinal),
            JsonValueKind.Number => !value.TryGetDouble(out var number) || !double.IsFinite(number),
            _ => false,
        };
        faults.When(wrong || name.Length > MaxLabel || name.Contains('\0', StringComparison.Ordinal), $"{at}.features.{(name.Length > MaxLabel ? name[..MaxLabel] : name)}", "monitoring.feature_form");
    }
}
