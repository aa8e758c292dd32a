using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.PredictionLog;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Uploads;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Monitoring.Actuals;

/// <summary>What really happened.</summary>
/// <param name="Actuals">Up to 10,000.</param>
public sealed record ActualBatch(ImmutableArray<NewActual> Actuals);

/// <param name="Id">The prediction's.</param>
/// <param name="Value">The class or the number: of a binary model 1, "yes" or whatever its positive class is called; of any other a number.</param>
/// <param name="At">When it happened or became known; now when not given. Of several for one prediction the latest counts.</param>
public sealed record NewActual(string Id, JsonElement Value, DateTimeOffset? At = null);

/// <param name="Taken">New, or changed since.</param>
/// <param name="Unchanged">Known already, with the same value.</param>
/// <param name="Matched">Whose prediction is in the log, and was made before it.</param>
/// <param name="Unmatched">Kept until its prediction comes.</param>
/// <param name="Late">Whose prediction's window had been measured already: it is measured again with the monitor's next run.</param>
public sealed record TakenActuals(int Taken, int Unchanged, int Matched, int Unmatched, int Late);

/// <summary>Takes outcomes by prediction id. Sending them again changes nothing, late ones are welcome, the last event time wins.</summary>
public sealed class ActualIntake
{
    public const int Most = 10_000;

    /// <summary>Rows of a CSV file.</summary>
    public const int MostRows = 200_000;
    private const int Chunk = 5000;
    private readonly DeploymentDesk deployments;
    private readonly IPermissions permissions;
    private readonly ITenantDb<MonitoringDbContext> databases;
    private readonly UploadDesk uploads;
    private readonly BlobStore blobs;
    private readonly TimeProvider time;

    internal ActualIntake(DeploymentDesk deployments, IPermissions permissions, ITenantDb<MonitoringDbContext> databases, UploadDesk uploads, BlobStore blobs, TimeProvider time) =>
        (this.deployments, this.permissions, this.databases, this.uploads, this.blobs, this.time) = (deployments, permissions, databases, uploads, blobs, time);

    public async Task<Result<TakenActuals>> TakeAsync(Caller caller, DeploymentId id, ActualBatch batch, CancellationToken cancellationToken)
    {
        var opened = await PredictionIntake.OpenAsync(deployments, permissions, caller, id, cancellationToken);
        if (!opened.IsOk)
            return opened.Refusal;
        if (batch.Actuals.Length > Most)
            return MonitoringErrors.TooMany(Most);
        var now = time.GetMicrosecondNow();
        var read = ActualRows.Read(batch, Contract(opened.Value), now);
        return read.IsOk ? await SaveAsync(caller, opened.Value, read.Value, now, cancellationToken) : read.Refusal;
    }

    /// <summary>The same from CSV with a header: prediction_id, value and, optionally, at.</summary>
    public async Task<Result<TakenActuals>> TakeCsvAsync(Caller caller, DeploymentId id, Stream csv, CancellationToken cancellationToken)
    {
        var opened = await PredictionIntake.OpenAsync(deployments, permissions, caller, id, cancellationToken);
        if (!opened.IsOk)
            return opened.Refusal;
        var now = time.GetMicrosecondNow();
        var read = await ActualCsv.ReadAsync(csv, Contract(opened.Value), now, MostRows, cancellationToken);
        return read.IsOk ? await SaveAsync(caller, opened.Value, read.Value, now, cancellationToken) : read.Refusal;
    }

    /// <summary>The same from a file that was uploaded.</summary>
    public async Task<Result<TakenActuals>> TakeUploadAsync(Caller caller, DeploymentId id, UploadId upload, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant); // nothing is saved: the file is read once, and swept when the upload expires
        var taken = await uploads.TakeAsync(db, caller, upload, "actuals", cancellationToken);
        if (!taken.IsOk)
            return taken.Refusal;
        await using var content = await blobs.OpenReadAsync(caller.Tenant, taken.Value.Blob.Id, cancellationToken);
        return await TakeCsvAsync(caller, id, content, cancellationToken);
    }

    private static ModelContract? Contract(Deployment deployment) => (deployment.Live ?? deployment.Releases.LastOrDefault())?.Version.Contract;

    private async Task<Result<TakenActuals>> SaveAsync(Caller caller, Deployment deployment, IReadOnlyList<Actual> actuals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        if (await db.FindAnswerAsync<TakenActuals>(caller, cancellationToken) is { } before)
            return before;
        var last = actuals.GroupBy(actual => (actual.Id, actual.At)).Select(group => group.Last()).OrderBy(actual => actual.Id, StringComparer.Ordinal).ToList(); // in one order, so that two senders never wait for each other
        var measuredTo = await db.Runs.Where(run => run.DeploymentId == deployment.Id).MaxAsync(run => (DateTimeOffset?)run.WindowTo, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        int taken = 0, matched = 0, late = 0;
        foreach (var chunk in last.Chunk(Chunk))
        {
            taken += await UpsertAsync(db, caller, deployment.Id, chunk, now, cancellationToken);
            var (found, inMeasured) = await MatchAsync(db, deployment.Id, chunk, measuredTo, cancellationToken);
            (matched, late) = (matched + found, late + inMeasured);
        }

        var answer = new TakenActuals(taken, last.Count - taken, matched, last.Count - matched, late);
        if (taken > 0)
            db.Record(caller, new Subject("deployment", deployment.Id.ToString(), deployment.Name, deployment.Project.Scope), new ActualsTaken(taken, answer.Matched, answer.Unmatched, answer.Late), now);
        var saved = await db.CommitAsync(caller, answer, now, cancellationToken);
        if (saved.IsOk)
            await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    private static Task<int> UpsertAsync(MonitoringDbContext db, Caller caller, DeploymentId deployment, Actual[] actuals, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = Array.ConvertAll(actuals, actual => actual.Id);
        var times = Array.ConvertAll(actuals, actual => actual.At);
        var values = Array.ConvertAll(actuals, actual => actual.Value);
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO monitoring.actuals (tenant_id, deployment_id, prediction_id, event_at, value, received_at)
            SELECT {caller.Tenant.Value}, {deployment.Value}, prediction_id, event_at, value, {now} FROM unnest({ids}, {times}, {values}) AS batch(prediction_id, event_at, value)
            ON CONFLICT (tenant_id, deployment_id, prediction_id, event_at) DO UPDATE SET value = excluded.value, received_at = excluded.received_at
                WHERE actuals.value IS DISTINCT FROM excluded.value
            """,
            cancellationToken);
    }

    /// <returns>How many have their prediction in the log, and of how many that lies in a window that was measured.</returns>
    private static async Task<(int Matched, int Late)> MatchAsync(MonitoringDbContext db, DeploymentId deployment, Actual[] actuals, DateTimeOffset? measuredTo, CancellationToken cancellationToken)
    {
        var ids = actuals.Select(actual => actual.Id).Distinct(StringComparer.Ordinal).ToArray();
        var (first, last) = (DateOnly.FromDateTime(actuals.Min(actual => actual.At).UtcDateTime).AddDays(-400), DateOnly.FromDateTime(actuals.Max(actual => actual.At).UtcDateTime));
        var predictions = await db.Predictions.AsNoTracking().Where(row => row.DeploymentId == deployment && row.Day >= first && row.Day <= last && ids.Contains(row.PredictionId))
            .Select(row => new { row.PredictionId, row.OccurredAt }).ToListAsync(cancellationToken);
        var times = predictions.ToLookup(row => row.PredictionId, row => row.OccurredAt, StringComparer.Ordinal);
        int matched = 0, late = 0;
        foreach (var actual in actuals)
        {
            var before = times[actual.Id].Where(at => at <= actual.At).Select(at => (DateTimeOffset?)at).Max();
            if (before is null)
                continue;
            matched++;
            if (before < measuredTo)
                late++;
        }

        return (matched, late);
    }
}

/// <summary>An outcome as it is kept.</summary>
internal readonly record struct Actual(string Id, DateTimeOffset At, double Value);

/// <summary>Reads outcomes.</summary>
internal static class ActualRows
{
    public static Result<List<Actual>> Read(ActualBatch batch, ModelContract? contract, DateTimeOffset now)
    {
        var faults = new Faults();
        var actuals = new List<Actual>(batch.Actuals.Length);
        for (var index = 0; index < batch.Actuals.Length && !faults.Any; index++)
        {
            var actual = batch.Actuals[index];
            var at = string.Create(CultureInfo.InvariantCulture, $"actuals[{index}]");
            var value = Value(actual.Value, contract);
            Check(faults, at, actual.Id, value, actual.At, contract, now);
            actuals.Add(new Actual(actual.Id, PredictionIntake.Microseconds(actual.At ?? now), value ?? 0));
        }

        return faults.Refusal is { } refusal ? refusal : actuals;
    }

    public static void Check(Faults faults, string at, string id, double? value, DateTimeOffset? when, ModelContract? contract, DateTimeOffset now)
    {
        faults.When(!PredictionIntake.IsId(id), at + ".id", "monitoring.id_form", "100");
        faults.When(value is null, at + ".value", contract is { Task: MlTask.Binary } ? "monitoring.actual_class" : "monitoring.actual_number");
        faults.When(when < now.AddDays(-PredictionStore.DaysBack) || when > now.AddDays(1), at + ".at", "monitoring.time_range");
    }

    /// <returns>1 or 0 by the contract's positive class, or the number; null for what is neither.</returns>
    public static double? Value(JsonElement value, ModelContract? contract) => value.ValueKind switch
    {
        JsonValueKind.True => contract is { Task: MlTask.Binary } ? Class("true", contract) ?? 1 : 1,
        JsonValueKind.False => contract is { Task: MlTask.Binary } ? Class("false", contract) ?? 0 : 0,
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) =>
            contract is { Task: MlTask.Binary } ? Class(number.ToString("R", CultureInfo.InvariantCulture), contract) : number,
        JsonValueKind.String => Value(value.GetString() ?? "", contract),
        _ => null,
    };

    public static double? Value(string text, ModelContract? contract)
    {
        if (contract is { Task: MlTask.Binary } && text.Length is > 0 and <= 200)
            return Class(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var code) ? code.ToString("R", CultureInfo.InvariantCulture) : text, contract);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>Positive or not. Where the positive class is "1", only "0" is the other: a 7 is a mistake and no negative.</summary>
    private static double? Class(string text, ModelContract contract) =>
        text == contract.PositiveClass ? 1 : contract.PositiveClass is "1" or "true" or "True" && text is not ("0" or "false" or "False") ? null : 0;
}
