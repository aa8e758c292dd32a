using System.Diagnostics;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Monitoring.Tests.Incidents;

/// <summary>The retail year through the public API, week by week: what happened is found in time and named by its cause, and a year in which nothing happened stays quiet.</summary>
public sealed class YearReplayTests(PortalFixture portal, ITestOutputHelper output) : IClassFixture<PortalFixture>
{
    private const int RedeployWeek = 42;

    [Fact]
    public async Task Each_planted_event_becomes_an_incident_in_time_with_its_cause_first()
    {
        var watch = Stopwatch.StartNew();
        var year = await ReplayedYear.OpenAsync(portal.Portal, "live");
        string? drifted = null;
        for (var week = 1; week <= ReplayedYear.Weeks; week++)
        {
            if (week == RedeployWeek)
                await year.RedevelopAsync();
            await year.PlayAsync(week);
            if (drifted is null && year.Found.FirstOrDefault(incident => incident.Cause == "population") is { } found)
            {
                drifted = found.Id;
                await ChooseRedevelopmentAsync(year, found.Id);
            }
        }

        output.WriteLine($"52 weeks in {watch.Elapsed.TotalSeconds:0} s");
        foreach (var incident in year.Found)
            output.WriteLine($"week {incident.Week}: {incident.Title} ({incident.Cause} {incident.Score:0.00})");
        var left = year.Found.ToList();
        output.WriteLine("event | cause | found in week | allowed by | ranked first");
        foreach (var planted in await EventsAsync())
        {
            var first = left.FirstOrDefault(incident => incident.Week >= planted.Start && incident.Week <= planted.AllowedBy);
            output.WriteLine($"{planted.Name} | {planted.Cause} | {first?.Week} | {planted.AllowedBy} | {first?.Cause == planted.Cause}");
            first.ShouldNotBeNull($"{planted.Name} raised no incident by week {planted.AllowedBy}.");
            first.Cause.ShouldBe(planted.Cause, planted.Name);
            left.Remove(first);
        }

        left.ShouldBeEmpty("No incident without an event.");
        var incidentOfDrift = (await year.IncidentAsync(drifted!)).GetProperty("incident"); // found above, or the event would have none
        incidentOfDrift.GetProperty("state").GetString().ShouldBe("closed", "the new model answers, judged against its own reference");
    }

    [Fact]
    public async Task A_year_with_seasons_only_raises_at_most_one_alert_a_month()
    {
        var year = await ReplayedYear.OpenAsync(portal.Portal, "quiet");
        for (var week = 1; week <= ReplayedYear.Weeks; week++)
            await year.PlayAsync(week);

        var alerts = (await year.Store.Engineer.GetAsync($"/api/v1/alerts?endpoint={year.Store.Endpoint}&open=false&limit=200")).GetProperty("items").EnumerateArray().ToList();
        var perMonth = alerts.GroupBy(alert => alert.GetProperty("fired").GetDateTimeOffset().AddTicks(-1).Month).Select(month => month.Count()).ToList();
        output.WriteLine($"{alerts.Count} alerts in the quiet year, {perMonth.DefaultIfEmpty(0).Max()} in its worst month");
        perMonth.ShouldAllBe(count => count <= 1);
    }

    private static async Task ChooseRedevelopmentAsync(ReplayedYear year, string incident)
    {
        var chosen = await year.Store.Engineer.PostAsync($"/api/v1/incidents/{incident}/way-back", new { to = "modelDevelopment", reason = "Younger shoppers have other tastes: retrain on this year." });
        chosen.GetProperty("incident").GetProperty("state").GetString().ShouldBe("inHand");
        var work = await year.Store.Tenant[Role.DataScientist].GetAsync("/api/v1/work");
        work.EnumerateArray().Count(item => item.GetProperty("kind").GetString() == "task" && item.GetProperty("detail").GetString()!.StartsWith("Younger shoppers", StringComparison.Ordinal)).ShouldBe(1); // a task has its request as detail
    }

    private sealed record Planted(string Name, string Cause, int Start, int AllowedBy);

    private static async Task<List<Planted>> EventsAsync()
    {
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(RetailYear.Folder, "events.json"), TestContext.Current.CancellationToken));
        return [.. document.RootElement.GetProperty("events").EnumerateArray().Select(planted =>
        {
            var start = planted.GetProperty("weeks")[0].GetInt32() + (planted.TryGetProperty("counted_from", out _) ? ReplayedYear.OutcomeLag : 0);
            var cause = planted.GetProperty("cause").GetString() switch { "pipeline" => "dataFeed", "population" => "population", "business" => "business", var other => throw new JsonException($"No cause is called {other}.") };
            return new Planted(Modelling.Text(planted, "event"), cause, start, start + planted.GetProperty("find_within_weeks").GetInt32());
        })];
    }
}
