using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Monitoring.KpiTracking;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.Monitoring.Tests.KpiTracking;

/// <summary>Measured KPIs over HTTP, on a real portal with real children.</summary>
public sealed class MeasurementTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly string Live = Path.Combine(LocalServices.Repository.Root, "samples", "retail", "messages_live_2025.parquet");

    [Fact]
    public async Task The_live_year_as_a_dataset_gives_exactly_the_kpi_it_came_with()
    {
        var tenant = await fixture.TenantAsync("Market");
        var kpi = await RetailKpi.DefineAsync(tenant, "Offers");
        var messages = await kpi.Scientist.DatasetAsync(kpi.Project, "messages_live", Live, "none", "visited_within_14_days");
        var spec = RetailKpi.Spec(new { name = "messages", dataset = messages.Id, dateColumn = "sent_at" });

        var trial = await (await kpi.TryAsync(spec, "2025-01-15")).RequiredAsync();
        (trial.GetProperty("from").GetString(), trial.GetProperty("numerator").GetDecimal(), trial.GetProperty("denominator").GetDecimal()).ShouldBe(("2025-01-13", 322m, 1500m));
        trial.GetProperty("inputs")[0].GetProperty("rows").GetInt64().ShouldBe(78_000);
        trial.GetProperty("elapsed").GetDouble().ShouldBeGreaterThan(0);

        (await (await kpi.PutAsync(spec)).RequiredAsync()).GetProperty("version").GetInt32().ShouldBe(1);
        var run = await kpi.RunAsync("2025-01-06", "2026-01-04");

        run.GetProperty("state").GetString().ShouldBe("done", run.ToString());
        run.GetProperty("values").GetInt32().ShouldBe(52);
        run.GetProperty("inputs")[0].GetProperty("version").GetInt32().ShouldBe(1);
        await kpi.ShouldEqualAsync("kpi_live_2025.csv");
        var csv = await kpi.Scientist.Client.GetStringAsync($"{kpi.Address}/track.csv");
        csv.ShouldContain("2025-01-12,2025-01-06,0.22,measured,330,1500,1,1,\"messages = messages_live version 1\"");
    }

    [Fact]
    public async Task The_live_year_sent_as_predictions_with_their_outcomes_gives_it_too()
    {
        var tenant = await fixture.TenantAsync("Arcade");
        var kpi = await RetailKpi.DefineAsync(tenant, "Offers");
        var engineer = tenant[Role.MlOpsEngineer];
        var model = Modelling.Text((await kpi.Scientist.PostAsync("/api/v1/models", new { project = kpi.Project.Id, name = "external", task = "binary" })).GetProperty("model"), "id");
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = kpi.Project.Id, name = "offers", environment = "sandbox", model })).GetProperty("deployment"), "id");
        var year = RetailYear.Read("live");
        await engineer.SendPredictionsAsync(endpoint, year, version: null);
        var waiting = year.Where(message => message.Week == 52).ToList();
        await engineer.SendOutcomesAsync(endpoint, year.Except(waiting));

        // Outcomes decide what is counted: a message whose outcome is not known is in neither number.
        await (await kpi.PutAsync(RetailKpi.Spec(new { name = "sent", endpoint }, numerator: "SELECT sum(actual) FROM sent", denominator: "SELECT count(actual) FROM sent"))).RequiredAsync();
        var early = await kpi.RunAsync("2025-01-06", "2026-01-04");
        early.GetProperty("values").GetInt32().ShouldBe(51, early.ToString());
        early.GetProperty("outcomes").EnumerateArray().Last().GetProperty("why").GetProperty("code").GetString().ShouldBe("monitoring.kpi_null");
        var read = early.GetProperty("inputs")[0];
        (read.GetProperty("rows").GetInt64(), read.GetProperty("withActual").GetInt64()).ShouldBe((78_000, 76_500));

        await engineer.SendOutcomesAsync(endpoint, waiting);
        (await kpi.RunAsync("2025-12-29", "2026-01-04")).GetProperty("values").GetInt32().ShouldBe(1);

        await kpi.ShouldEqualAsync("kpi_live_2025.csv");
    }

    [Fact]
    public async Task A_changed_query_or_formula_begins_another_section_and_declared_values_stand_beside()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Bazaar"), "Offers");
        var messages = await SmallAsync(kpi);
        await (await kpi.PutAsync(RetailKpi.Spec(messages))).RequiredAsync();
        await kpi.RunAsync("2025-01-06", "2025-01-12");
        using var declared = await kpi.Scientist.Client.PutAsJsonAsync($"{kpi.Address}/values/2025-01-15", new { value = 0.5, note = "counted at the door" });
        await declared.RequiredAsync();
        (await (await kpi.PutAsync(RetailKpi.Spec(messages, numerator: "SELECT count(*) FROM messages WHERE visited_within_14_days = 1"))).RequiredAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        await kpi.RunAsync("2025-01-13", "2025-01-19");
        await kpi.ReformulateAsync("visits ÷ messages, online orders left out");
        await kpi.RunAsync("2025-01-20", "2025-01-26");

        var track = await kpi.Scientist.GetAsync($"{kpi.Address}/track");

        track.GetProperty("points").EnumerateArray().Select(point => (point.GetProperty("value").GetProperty("source").GetString(), point.GetProperty("section").GetInt32()))
            .ShouldBe([("measured", 0), ("declared", 0), ("measured", 1), ("measured", 2)]);
        track.GetProperty("freshness").GetProperty("stale").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_latest_version_is_the_one_when_it_runs_and_is_written_down()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Corner"), "Offers");
        var messages = await SmallAsync(kpi);
        await (await kpi.PutAsync(RetailKpi.Spec(messages))).RequiredAsync();
        (await kpi.RunAsync("2025-01-06", "2025-01-12")).GetProperty("inputs")[0].GetProperty("version").GetInt32().ShouldBe(1);
        var upload = await kpi.Scientist.Client.UploadAsync(Written("2025-01-06 10:00:00,0"), "more.csv");
        var id = messages.GetType().GetProperty("dataset")!.GetValue(messages); // made by SmallAsync
        await kpi.Scientist.PostAsync($"/api/v1/datasets/{id}/versions", new { upload, role = "none" });
        await kpi.Scientist.Client.LastJobAsync(kpi.Project.Id);

        var run = await kpi.RunAsync("2025-01-06", "2025-01-12");

        run.GetProperty("inputs")[0].GetProperty("version").GetInt32().ShouldBe(2);
        var value = (await kpi.Scientist.GetAsync($"{kpi.Address}/track")).GetProperty("points")[0].GetProperty("value");
        (value.GetProperty("value").GetDecimal(), value.GetProperty("evidence").GetProperty("inputs")[0].GetProperty("version").GetString()).ShouldBe((0m, "small version 2"));
    }

    [Fact]
    public async Task A_period_without_rows_has_no_value_and_says_why()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Depot"), "Offers");
        await (await kpi.PutAsync(RetailKpi.Spec(await SmallAsync(kpi), numerator: "SELECT count(*) FROM messages"))).RequiredAsync();

        var run = await kpi.RunAsync("2025-03-03", "2025-03-09");

        (run.GetProperty("state").GetString(), run.GetProperty("values").GetInt32()).ShouldBe(("done", 0));
        var track = await kpi.Scientist.GetAsync($"{kpi.Address}/track");
        track.GetProperty("points").GetArrayLength().ShouldBe(0);
        track.GetProperty("notComputable")[0].GetProperty("why").GetString().ShouldBe("Not computable: the denominator is 0.");
    }

    [Theory]
    [InlineData("SELEC 1", "Line 1, column 1: syntax error at or near \"SELEC\".")]
    [InlineData("SELECT count(*), 2 FROM messages", "The query must give one column; it gives 2.")]
    [InlineData("CREATE TABLE t AS SELECT 1", "Write one query (SELECT …) and nothing else.")]
    [InlineData("SELECT count(*) FROM read_text('/etc/passwd')", "A query reads its inputs and nothing else: no files, no addresses, no settings.")]
    [InlineData("", "This must not be empty.")]
    public async Task A_bad_query_is_refused_at_its_field_and_nothing_is_saved(string numerator, string said)
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Empire"), "Offers");
        var spec = RetailKpi.Spec(await SmallAsync(kpi), numerator: numerator);

        foreach (var answer in new[] { await kpi.TryAsync(spec), await kpi.PutAsync(spec) })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            var fault = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
            (fault.GetProperty("field").GetString(), fault.GetProperty("detail").GetString()).ShouldBe(("numerator", said));
            answer.Dispose();
        }

        (await kpi.Scientist.GetAsync($"{kpi.Address}/measurement")).GetProperty("version").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Another_tenants_data_is_not_there_and_rows_are_for_those_who_may_see_them()
    {
        var (ours, theirs) = (await fixture.TenantAsync("Forum"), await fixture.TenantAsync("Gallery"));
        var (kpi, other) = (await RetailKpi.DefineAsync(ours, "Offers"), await RetailKpi.DefineAsync(theirs, "Offers"));
        var stolen = RetailKpi.Spec(await SmallAsync(other));
        var honest = RetailKpi.Spec(await SmallAsync(kpi));

        (await kpi.TryAsync(stolen)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await kpi.PutAsync(stolen)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await kpi.PutAsync(RetailKpi.Spec(new { name = "messages", endpoint = Guid.NewGuid().ToString("n") }))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var role in new[] { Role.Viewer, Role.BusinessOwner, Role.TenantAdministrator })
            (await ours[role].Client.PutAsJsonAsync($"{kpi.Address}/measurement", honest)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, role.ToString());
        (await ours.Outsider.Client.PutAsJsonAsync($"{kpi.Address}/measurement", honest)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await (await kpi.PutAsync(honest)).RequiredAsync();
        (await ours[Role.BusinessOwner].Client.PostAsJsonAsync($"{kpi.Address}/measurement/runs", new { from = "2025-01-06", to = "2025-01-12" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_asked_too_early_or_twice_is_said_so()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Harbour"), "Offers");
        var messages = await SmallAsync(kpi);
        (await kpi.Scientist.Client.PostAsJsonAsync($"{kpi.Address}/measurement/runs", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var tomorrow = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await (await kpi.PutAsync(RetailKpi.Spec(messages, first: tomorrow))).RequiredAsync();

        using var early = await kpi.Scientist.Client.PostAsJsonAsync($"{kpi.Address}/measurement/runs", new { });
        (early.StatusCode, await early.CodeAsync()).ShouldBe((HttpStatusCode.Conflict, "monitoring.kpi_nothing_settled"));

        using var stale = new HttpRequestMessage(HttpMethod.Put, $"{kpi.Address}/measurement") { Content = JsonContent.Create(RetailKpi.Spec(messages)) };
        stale.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
        using var refused = await kpi.Scientist.Client.SendAsync(stale);
        (refused.StatusCode, await refused.CodeAsync()).ShouldBe((HttpStatusCode.Conflict, "stale"));
    }

    [Fact]
    public async Task Run_now_measures_what_is_due_and_then_the_latest_again()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Island"), "Offers");
        await (await kpi.PutAsync(RetailKpi.Spec(await SmallAsync(kpi)))).RequiredAsync();

        var run = await kpi.RunAsync(null, null);
        var again = await kpi.RunAsync(null, null);

        (run.GetProperty("trigger").GetString(), run.GetProperty("from").GetString(), run.GetProperty("values").GetInt32()).ShouldBe(("runNow", "2025-01-06", 3));
        again.GetProperty("from").GetString().ShouldNotBe("2025-01-06");
    }

    [Fact]
    public async Task The_schedule_measures_what_is_due_by_itself()
    {
        var kpi = await RetailKpi.DefineAsync(await fixture.TenantAsync("Jetty"), "Offers");
        await (await kpi.PutAsync(RetailKpi.Spec(await SmallAsync(kpi)))).RequiredAsync();

        var run = await NightAsync(kpi);

        (run.GetProperty("trigger").GetString(), run.GetProperty("state").GetString(), run.GetProperty("values").GetInt32()).ShouldBe(("schedule", "done", 3));
        (await kpi.Scientist.PutAsync($"{kpi.Address}/measurement/schedule", new { on = false })).GetProperty("scheduled").GetBoolean().ShouldBeFalse();
    }

    /// <summary>Outcomes that come when the period has its value already.</summary>
    [Fact]
    public async Task What_comes_late_is_measured_again_by_the_schedule_and_a_declared_value_stays()
    {
        var tenant = await fixture.TenantAsync("Kiosk");
        var (kpi, engineer) = (await RetailKpi.DefineAsync(tenant, "Offers"), tenant[Role.MlOpsEngineer]);
        var model = Modelling.Text((await kpi.Scientist.PostAsync("/api/v1/models", new { project = kpi.Project.Id, name = "external", task = "binary" })).GetProperty("model"), "id");
        var endpoint = Modelling.Text((await engineer.PostAsync("/api/v1/endpoints", new { project = kpi.Project.Id, name = "offers", environment = "sandbox", model })).GetProperty("deployment"), "id");
        foreach (var (week, day) in new[] { ("a", "2025-01-07"), ("b", "2025-01-14"), ("c", "2025-01-21") })
            await engineer.PostAsync($"/api/v1/endpoints/{endpoint}/predictions", new { predictions = Enumerable.Range(0, 4).Select(n => new { id = week + n, occurredAt = $"{day}T10:00:00Z", output = 0.5 }) });
        await OutcomesAsync("a0", "a1", "b0", "c0");
        await (await kpi.PutAsync(RetailKpi.Spec(new { name = "sent", endpoint }, numerator: "SELECT count(actual) FROM sent", denominator: "SELECT count(*) FROM sent"))).RequiredAsync();
        await kpi.RunAsync("2025-01-06", "2025-01-26");
        (await ValuesAsync()).ShouldBe([0.5m, 0.25m, 0.25m]);
        using var declared = await kpi.Scientist.Client.PutAsJsonAsync($"{kpi.Address}/values/2025-01-19", new { value = 0.9, note = "counted at the door" });
        await declared.RequiredAsync();

        await OutcomesAsync("a2", "a3", "b1");
        await NightAsync(kpi);

        (await ValuesAsync()).ShouldBe([1m, 0.9m, 0.25m]);

        Task OutcomesAsync(params string[] ids) => engineer.PostAsync($"/api/v1/endpoints/{endpoint}/actuals", new { actuals = ids.Select(id => new { id, value = 1, at = "2025-01-24T10:00:00Z" }) });

        async Task<IEnumerable<decimal>> ValuesAsync() =>
            (await kpi.Scientist.GetAsync($"{kpi.Address}/track")).GetProperty("points").EnumerateArray().Select(point => point.GetProperty("value").GetProperty("value").GetDecimal()).ToList();
    }

    [Fact]
    public async Task A_query_without_end_is_cut_and_the_portal_goes_on()
    {
        var children = fixture.Portal.Services.GetRequiredService<ChildProcess>();
        using var scratch = children.NewScratch();
        var spec = new MeasureSpec([], "SELECT count(*) FROM range(1000000000000) a, range(1000000) b WHERE a.range % 7 = b.range % 3", null, [new Period(new DateOnly(2025, 1, 6), new DateOnly(2025, 1, 13))]);

        var cut = await children.RunAsync<MeasureAnswer>(KpiVerbs.Measure, spec, scratch, new ChildLimits { WallTime = TimeSpan.FromSeconds(2) }, progress: null, TestContext.Current.CancellationToken);

        cut.Refusal.ShouldBeOfType<Validation>().Code.ShouldBe("jobs.too_slow");
    }

    /// <summary>Three weeks, ten messages each, of which one, two and three were answered by a visit.</summary>
    private static async Task<object> SmallAsync(RetailKpi kpi)
    {
        var rows = Enumerable.Range(0, 30).Select(row => string.Create(CultureInfo.InvariantCulture, $"{new DateOnly(2025, 1, 6).AddDays(row / 10 * 7):yyyy-MM-dd} 12:00:00,{(row % 10 <= row / 10 ? 1 : 0)}"));
        var dataset = await kpi.Scientist.DatasetAsync(kpi.Project, "small", Written([.. rows]), "none", "visited_within_14_days");
        return new { name = "messages", dataset = dataset.Id, dateColumn = "sent_at" };
    }

    private static string Written(params string[] rows)
    {
        var file = Path.Combine(Path.GetTempPath(), $"kpi-{Guid.NewGuid():n}.csv");
        File.WriteAllLines(file, ["sent_at,visited_within_14_days", .. rows]);
        return file;
    }

    /// <summary>The schedule's next run, at once.</summary>
    private async Task<JsonElement> NightAsync(RetailKpi kpi)
    {
        var scheduled = await kpi.Scientist.PutAsync($"{kpi.Address}/measurement/schedule", new { on = true });
        scheduled.GetProperty("nextLook").GetDateTimeOffset().ShouldBeGreaterThan(DateTimeOffset.UtcNow);

        // The night comes at once.
        await using var owner = NpgsqlDataSource.Create(fixture.Portal.Database.Owner);
        await using var night = owner.CreateCommand("UPDATE platform.schedules SET next_at = now() WHERE subject_id = $1");
        night.Parameters.Add(new NpgsqlParameter { Value = kpi.Id });
        (await night.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        return JsonElement.Parse(await Jobs.UntilAsync("the scheduled run", async () =>
        {
            var runs = (await kpi.Scientist.GetAsync($"{kpi.Address}/measurement/runs")).GetProperty("items");
            return runs.EnumerateArray().FirstOrDefault(run => run.GetProperty("trigger").GetString() == "schedule" && run.GetProperty("state").GetString() != "underWay") is { ValueKind: JsonValueKind.Object } run ? run.ToString() : null;
        }));
    }
}
