using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Deployments;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Monitoring.Measuring;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.KpiTracking.Inputs;

/// <summary>An endpoint's predictions of some periods, each beside its actual, as a file for the child: joined as monitors join them. A prediction without one
/// has null there, and the query decides what that means.</summary>
internal sealed class PredictionsInput(ITenantDb<MonitoringDbContext> databases)
{
    /// <summary>The column that says when a prediction happened: its period.</summary>
    public const string When = "occurred_at";

    public const int Most = 2_000_000;

    private static readonly ImmutableArray<StagedColumn> Own =
    [
        new("prediction_id", "VARCHAR"), new(When, "TIMESTAMP"), new("version", "BIGINT"), new("output", "DOUBLE"), new("label", "VARCHAR"),
        new("actual", "DOUBLE"), new("actual_at", "TIMESTAMP"),
    ];

    /// <summary>Its own columns, then the features of the contract that answers or answered last.</summary>
    public static ImmutableArray<StagedColumn> Columns(Deployment deployment) => [.. Own, .. Features(deployment).Select(feature => new StagedColumn(NameOf(feature), TypeOf(feature.Type)))];

    /// <summary>Writes the predictions of all the periods into one file.</summary>
    public async Task<Result<UsedInput>> StageAsync(Caller caller, ResolvedInput input, Deployment endpoint, ImmutableArray<Period> periods, string path, CancellationToken cancellationToken)
    {
        var (from, to) = (periods.Min(period => period.From), periods.Max(period => period.To));
        ImmutableArray<string> features = [.. Features(endpoint).Select(feature => feature.Name)];
        await using var db = databases.Open(caller.Tenant);
        var log = new LogReader(db, endpoint.Id);
        var repeated = await log.RepeatedAsync(from, to, cancellationToken);
        var outcomes = await log.OutcomesAsync(from, to, cancellationToken);
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var (count, known, versions) = (0L, 0L, new SortedSet<int>());
        await foreach (var row in log.Stretch(from, to).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (++count > Most)
                return KpiErrors.TooManyPredictions(input.Input.Name, Most);
            var actual = outcomes.TryGetValue(row.PredictionId, out var events) ? LogReader.Event(events, row.OccurredAt, repeated.GetValueOrDefault(row.PredictionId)) : null;
            known += actual is null ? 0 : 1;
            if (row.Version is { } version)
                versions.Add(version);
            await file.WriteLineAsync(Line(row, actual, features).AsMemory(), cancellationToken);
        }

        return new UsedInput(input.Input.Name, null, null, endpoint.Id, count, known, [.. versions]);
    }

    private static string Line(PredictionRow prediction, (DateTimeOffset At, double Value)? actual, ImmutableArray<string> features)
    {
        var line = new StringBuilder();
        line.Append(Quoted(prediction.PredictionId)).Append(',').Append(Moment(prediction.OccurredAt)).Append(',').Append(prediction.Version?.ToString(CultureInfo.InvariantCulture)).Append(',')
            .Append(Number(prediction.Output)).Append(',').Append(prediction.Label is null ? "" : Quoted(prediction.Label)).Append(',')
            .Append(actual is null ? "" : Number(actual.Value.Value)).Append(',').Append(actual is null ? "" : Moment(actual.Value.At));
        using var document = JsonDocument.Parse(prediction.Features);
        foreach (var feature in features)
            line.Append(',').Append(document.RootElement.TryGetProperty(feature, out var value) ? Cell(value) : "");
        return line.ToString();
    }

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Quoted(value.GetString()!), // a string, just asked
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static ImmutableArray<ContractFeature> Features(Deployment deployment) =>
        (deployment.Live ?? deployment.Releases.LastOrDefault())?.Version.Contract.Features ?? [];

    /// <summary>A feature that is called as one of our own columns stands beside it.</summary>
    private static string NameOf(ContractFeature feature) =>
        Own.Any(column => string.Equals(column.Name, feature.Name, StringComparison.OrdinalIgnoreCase)) ? $"feature_{feature.Name}" : feature.Name;

    private static string TypeOf(FeatureType type) => type switch
    {
        FeatureType.Number => "DOUBLE",
        FeatureType.Integer => "BIGINT",
        FeatureType.Text => "VARCHAR",
        FeatureType.Boolean => "BOOLEAN",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type without a word in SQL."),
    };
}
