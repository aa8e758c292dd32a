using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Deployments;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Monitoring.Actuals;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Monitoring.PredictionLog;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Web.Demo;

/// <summary>Stage 5 of the retail story: the first weeks of 2025 in the log with what came of them, and a monitor that has measured them.
/// In week 14 two regions begin to send discounts as fractions.</summary>
internal sealed class RetailWatch(DeploymentDesk deployments, PredictionIntake predictions, ActualIntake actuals, MonitorDesk monitors, MonitorHistory history, DemoFiles files)
{
    private const int Weeks = 16;
    private const int Batch = 5000;
    private static readonly string[] Features =
        ["city_type", "category", "discount_percent", "price", "distance_km", "affinity", "visits_90d", "days_since_visit", "spend_90d", "age", "household_size"];

    public async Task WatchAsync(IReadOnlyDictionary<Role, Caller> people, string endpoint, string samples, CancellationToken cancellationToken)
    {
        var engineer = people[Role.MlOpsEngineer];
        var deployment = (await deployments.FindAsync(engineer, endpoint, cancellationToken)).Required().State;
        var known = (await monitors.ListAsync(engineer, deployment.Id, cancellationToken)).Required();
        if (known.IsEmpty)
            await ReplayAsync(engineer, deployment, Path.Combine(samples, "retail"), cancellationToken);
        var monitor = known.IsEmpty
            ? (await monitors.CreateAsync(engineer, deployment.Id, new MonitorSettings("weekly", Schedule: new MonitorSchedule(TimeSpan.FromDays(1))), cancellationToken)).Required().State
            : known[0];
        if (!(await history.RunsAsync(engineer, monitor.Id, null, null, 1, cancellationToken)).Required().IsEmpty)
            return;
        await monitors.RunAsync(engineer, monitor.Id, new MonitorStretch(), cancellationToken); // refused while one is under way already, which is as good
        await files.UntilAsync("the monitor", async () => (await history.RunsAsync(engineer, monitor.Id, null, null, 1, cancellationToken)).Required(), runs => runs.Length > 0, cancellationToken);
    }

    private async Task ReplayAsync(Caller engineer, Deployment deployment, string folder, CancellationToken cancellationToken)
    {
        var (made, known) = Read(folder, deployment.Live?.Version.Number);
        foreach (var batch in made.Chunk(Batch))
            (await predictions.TakeAsync(engineer, deployment.Id, new PredictionBatch([.. batch]), cancellationToken)).Required();
        foreach (var batch in known.Chunk(Batch))
            (await actuals.TakeAsync(engineer, deployment.Id, new ActualBatch([.. batch]), cancellationToken)).Required();
    }

    /// <summary>Our own sample, so it may be read in this process.</summary>
    private static (List<NewPrediction> Made, List<NewActual> Known) Read(string folder, int? version)
    {
        using var db = DuckDbConnection.OpenInMemory();
        var (messages, answers) = (DuckDbSql.Literal(Path.Combine(folder, "messages_live_2025.parquet")), DuckDbSql.Literal(Path.Combine(folder, "predictions_live_2025.parquet")));
        using var reader = db.Query(
            $"""
            SELECT m.message_id, epoch_us(m.sent_at), p.p, p.y, epoch_us(m.outcome_known_at), {string.Join(", ", Features.Select(name => $"m.{name}"))}
            FROM read_parquet({messages}) m JOIN read_parquet({answers}) p USING (message_id) WHERE p.week <= {Weeks} ORDER BY m.sent_at, m.message_id
            """);
        var (made, known) = (new List<NewPrediction>(), new List<NewActual>());
        while (reader.Read())
        {
            var features = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
            for (var index = 0; index < Features.Length; index++)
                features[Features[index]] = JsonSerializer.SerializeToElement(reader.GetValue(5 + index) is double.NaN ? null : reader.GetValue(5 + index));
            made.Add(new NewPrediction(reader.GetString(0), At(reader.GetInt64(1)), reader.GetDouble(2), features.ToImmutable(), Version: version));
            known.Add(new NewActual(reader.GetString(0), JsonSerializer.SerializeToElement(reader.GetInt64(3)), At(reader.GetInt64(4))));
        }

        return (made, known);
    }

    private static DateTimeOffset At(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
}
