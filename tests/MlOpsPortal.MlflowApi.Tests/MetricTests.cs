using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

[Collection<PortalCollection>]
public sealed class MetricTests(PortalFixture portal)
{
    [Fact]
    public async Task A_history_comes_in_pages_that_lose_and_repeat_nothing()
    {
        var ada = (await portal.TenantAsync("Metric"))[Role.DataScientist];
        var run = await ada.RunAsync(await ada.ExperimentAsync("e"));
        (await ada.LogAsync(run, Enumerable.Range(0, 25).Select(step => new { key = "m", value = (object)(step == 9 ? "NaN" : step), timestamp = 100 + (step / 3), step }))).Fine();

        var steps = new List<long>();
        string? token = null;
        do
        {
            var page = (await ada.AskAsync($"metrics/get-history?run_id={run}&metric_key=m&max_results=4" + (token is null ? "" : "&page_token=" + token))).Fine();
            steps.AddRange(page.At("metrics").EnumerateArray().Select(point => point.GetProperty("step").GetInt64()));
            token = page.Body.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        steps.ShouldBe(Enumerable.Range(0, 25).Select(step => (long)step));
        (await ada.AskAsync($"metrics/get-history?run_id={run}&metric_key=m&max_results=0")).Refused(400, "INVALID_PARAMETER_VALUE");
        (await ada.AskAsync($"metrics/get-history?run_id={run}&metric_key=never")).Fine().Body.TryGetProperty("metrics", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Several_runs_are_read_at_once_whole_or_sampled()
    {
        var ada = (await portal.TenantAsync("Metric"))[Role.DataScientist];
        var experiment = await ada.ExperimentAsync("e");
        var (first, second) = (await ada.RunAsync(experiment), await ada.RunAsync(experiment));
        foreach (var run in (string[])[first, second])
            (await ada.LogAsync(run, Enumerable.Range(0, 10).Select(step => new { key = "m", value = (double)step, timestamp = step, step }))).Fine();

        (await ada.AskAsync($"metrics/get-history-bulk?run_id={first}&run_id={second}&metric_key=m")).Fine().At("metrics").GetArrayLength().ShouldBe(20);
        var sampled = (await ada.AskAsync($"metrics/get-history-bulk-interval?run_ids={first}&run_ids={second}&metric_key=m&max_results=3")).Fine().At("metrics").EnumerateArray().ToList();
        sampled.Select(point => point.GetProperty("step").GetInt64()).ShouldBe([0, 4, 9, 0, 4, 9]);
        sampled[0].GetProperty("run_id").GetString().ShouldBe(first);
        (await ada.AskAsync($"metrics/get-history-bulk-interval?run_ids={first}&metric_key=m&start_step=2&end_step=4")).Fine().At("metrics").GetArrayLength().ShouldBe(3);
    }

    [Theory]
    [InlineData("metrics/get-history-bulk-interval?metric_key=m")]
    [InlineData("metrics/get-history-bulk-interval?run_ids=a&metric_key=m&max_results=2501")]
    [InlineData("metrics/get-history-bulk-interval?run_ids=a&metric_key=m&start_step=1")]
    [InlineData("metrics/get-history-bulk-interval?run_ids=a&metric_key=m&start_step=3&end_step=2")]
    [InlineData("metrics/get-history-bulk?metric_key=m")]
    [InlineData("metrics/get-history-bulk?run_id=a")]
    [InlineData("metrics/get-history?metric_key=m")]
    public async Task What_cannot_be_asked_is_400(string address) =>
        (await (await portal.TenantAsync("Metric"))[Role.DataScientist].AskAsync(address)).Refused(400, "INVALID_PARAMETER_VALUE");
}
