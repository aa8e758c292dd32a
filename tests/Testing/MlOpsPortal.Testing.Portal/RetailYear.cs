using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Testing;

/// <summary>A message of the retail year: what was known when it was sent, what the published model said, and what came of it.</summary>
/// <param name="Week">From 1.</param>
/// <param name="Published">The probability that the sample's own predictions give.</param>
/// <param name="Features">In the contract's order; null for a missing age.</param>
public sealed record RetailMessage(
    string Id, int Week, DateTimeOffset SentAt, IReadOnlyDictionary<string, object?> Features, double Published, bool Visited, DateTimeOffset OutcomeKnownAt);

/// <summary>The year 2025 of the retail sample: with the planted events ("live") or with seasons only ("quiet").</summary>
public static class RetailYear
{
    public static readonly string[] Numbers = ["discount_percent", "price", "distance_km", "affinity", "visits_90d", "days_since_visit", "spend_90d", "age", "household_size"];
    public static readonly string[] Categories = ["city_type", "category"];
    private const int Batch = 5000;

    public static string Folder => Path.Combine(Repository.Samples, "retail");

    /// <param name="year">live or quiet.</param>
    public static IReadOnlyList<RetailMessage> Read(string year)
    {
        using var db = DuckDbConnection.OpenInMemory();
        var (messages, predictions) = (Path.Combine(Folder, $"messages_{year}_2025.parquet"), Path.Combine(Folder, $"predictions_{year}_2025.parquet"));
        var features = string.Join(", ", Categories.Select(name => $"CAST(m.{name} AS VARCHAR)").Concat(Numbers.Select(name => $"CAST(m.{name} AS DOUBLE)")));
        using var reader = db.Query(
            $"""
            SELECT m.message_id, p.week, epoch_us(m.sent_at), p.p, p.y, epoch_us(m.outcome_known_at), {features}
            FROM read_parquet({DuckDbSql.Literal(messages)}) m JOIN read_parquet({DuckDbSql.Literal(predictions)}) p USING (message_id) ORDER BY m.sent_at, m.message_id
            """);
        var found = new List<RetailMessage>();
        while (reader.Read())
        {
            var values = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var index = 0; index < Categories.Length; index++)
                values[Categories[index]] = reader.GetString(6 + index);
            for (var index = 0; index < Numbers.Length; index++)
                values[Numbers[index]] = reader.IsNull(6 + Categories.Length + index) || double.IsNaN(reader.GetDouble(6 + Categories.Length + index)) ? null : reader.GetDouble(6 + Categories.Length + index);
            found.Add(new RetailMessage(
                reader.GetString(0), reader.GetInt32(1), At(reader.GetInt64(2)), values, reader.GetDouble(3), reader.GetInt64(4) == 1, At(reader.GetInt64(5))));
        }

        return found;
    }

    /// <summary>Sends messages as predictions that were made elsewhere, with the sample's own probabilities.</summary>
    public static async Task SendPredictionsAsync(this TestMember who, string endpoint, IEnumerable<RetailMessage> messages, int? version)
    {
        foreach (var batch in messages.Chunk(Batch))
            await who.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new
            {
                predictions = batch.Select(message => new { id = message.Id, occurredAt = message.SentAt, output = message.Published, version, features = message.Features }),
            });
    }

    /// <summary>Has messages scored by the endpoint itself, each at its own time.</summary>
    public static async Task ScoreAsync(this TestMember who, string name, IEnumerable<RetailMessage> messages)
    {
        foreach (var batch in messages.Chunk(Batch))
            await who.PostAsync($"/api/v1/endpoints/{name}/score", new
            {
                rows = batch.Select(message => message.Features), predictionIds = batch.Select(message => message.Id), occurredAt = batch.Select(message => message.SentAt),
            });
    }

    /// <summary>Sends what came of messages.</summary>
    public static async Task SendOutcomesAsync(this TestMember who, string endpoint, IEnumerable<RetailMessage> messages)
    {
        foreach (var batch in messages.Chunk(Batch))
            await who.PostAsync($"/api/v1/endpoints/{endpoint}/actuals", new { actuals = batch.Select(message => new { id = message.Id, value = message.Visited ? 1 : 0, at = message.OutcomeKnownAt }) });
    }

    /// <summary>First day of a week, midnight UTC.</summary>
    public static DateTimeOffset WeekStart(int week) => new DateTimeOffset(2025, 1, 6, 0, 0, 0, TimeSpan.Zero).AddDays(7 * (week - 1));

    private static DateTimeOffset At(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
}
