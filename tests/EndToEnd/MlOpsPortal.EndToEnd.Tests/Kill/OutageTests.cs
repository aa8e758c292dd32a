using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using MlOpsPortal.EndToEnd.Journeys;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>R8: the database is away for a while. <c>MLOPSPORTAL_OUTAGE_SECONDS</c> makes it longer than 8 s.</summary>
public sealed class OutageTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    [Fact]
    public async Task While_the_database_is_away_endpoints_answer_pages_say_so_and_then_every_prediction_is_in_the_log()
    {
        var length = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("MLOPSPORTAL_OUTAGE_SECONDS"), CultureInfo.InvariantCulture, out var given) ? given : 8);
        await using var postgres = await OwnPostgres.StartAsync(TestContext.Current.CancellationToken);
        await using var portal = await PortalProcess.StartAsync(more: null, TestContext.Current.CancellationToken, postgres.Database);
        var scene = await Scene.ArrangeAsync(portal);
        var owner = await Person.SignInAsync(chromium, portal, scene.Tenant, scene.Tenant[Role.BusinessOwner]);
        await owner.OpenAsync($"/projects/{scene.Projects[0].Id}/business");
        await owner.LeaveAloneAsync();
        var ids = new HashSet<string>(StringComparer.Ordinal) { await ScoreAsync(scene) };

        var since = Stopwatch.StartNew();
        await postgres.KillAsync();
        await owner.SeeAsync("The portal cannot reach its database.");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2)); // below what fills the spool in a minute
        while ((since.Elapsed < length || ids.Count < 100) && await pace.WaitForNextTickAsync())
            ids.Add(await ScoreAsync(scene));
        var answered = ids.Count;
        await RefusedInWordsAsync(scene);
        await owner.LookAsync("outage");
        await postgres.StartAgainAsync();

        var back = Stopwatch.StartNew();
        await owner.Page.GetByText("The portal cannot reach its database.").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answered} predictions answered in an outage of {length.TotalSeconds:0} s; the page knew {back.Elapsed.TotalSeconds:0.0} s after the database was back"));
        await using var database = NpgsqlDataSource.Create(portal.Database.Owner);
        await Jobs.UntilAsync("the prediction log", async () => await CountAsync(database) >= answered ? "" : null);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all in the log {back.Elapsed.TotalSeconds:0.0} s after the database was back"));
        (await CountAsync(database)).ShouldBe(answered);
        owner.Findings.ShouldBeEmpty();
        await owner.SeeUnaskedAsync("Objectives and key results");
    }

    private static async Task<string> ScoreAsync(Scene scene)
    {
        var features = (await scene.Tenant[Role.MlOpsEngineer].Client.PostAsJsonAsync($"/api/v1/endpoints/{Scene.Endpoint}/score", new { rows = new[] { Writers.SampleRow } })).RequiredAsync();
        return Modelling.Text((await features).GetProperty("predictions")[0], "id");
    }

    /// <summary>What needs the database is 503, says when to come back, and shows nothing of the inside.</summary>
    private static async Task RefusedInWordsAsync(Scene scene)
    {
        var owner = scene.Tenant[Role.BusinessOwner].Client;
        using var list = await owner.GetAsync("/api/v1/projects");
        using var change = await owner.PostAsJsonAsync("/api/v1/projects", new { name = "Now", summary = "s" });
        foreach (var refused in new[] { list, change })
        {
            ((int)refused.StatusCode).ShouldBe(503);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await refused.Content.ReadAsStringAsync()).ShouldNotContain("Npgsql");
            (await refused.CodeAsync()).ShouldBe("database_down");
        }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM monitoring.predictions");
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
