using System.Net;
using System.Text.Json;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>What <c>log_model</c> makes, finds again and hangs on.</summary>
[Collection<PortalCollection>]
public sealed class LoggedModelTests(PortalFixture portal)
{
    private TestTenant? tenant;

    [Fact]
    public async Task A_model_is_made_filled_finalized_and_found()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var made = (await scientist.CallAsync(HttpMethod.Post, "logged-models", new
        {
            experiment_id = experiment, name = "model", model_type = "agent", source_run_id = "abc", @params = Pairs(("depth", "3")), tags = Pairs(("team", "a")),
        })).GetProperty("model");
        var id = made.GetProperty("info").GetProperty("model_id").GetString()!; // it has one
        id.ShouldMatch("^m-[0-9a-f]{32}$");
        made.GetProperty("info").GetProperty("status").GetString().ShouldBe("LOGGED_MODEL_PENDING");
        made.GetProperty("info").GetProperty("artifact_uri").GetString().ShouldBe($"mlflow-artifacts:/{experiment}/models/{id}/artifacts");

        await scientist.CallAsync(HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = Enumerable.Range(0, 250).Select(number => new { key = $"p{number}", value = "v" }) });
        await scientist.PutAsync($"{experiment}/models/{id}/artifacts/MLmodel", "flavors: {}"u8.ToArray());
        var ready = await scientist.CallAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id, status = "LOGGED_MODEL_READY" });
        ready.GetProperty("model").GetProperty("info").GetProperty("status").GetString().ShouldBe("LOGGED_MODEL_READY");
        (await scientist.CallAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id, status = 2 })).GetProperty("model").GetProperty("info").GetProperty("status").GetString().ShouldBe("LOGGED_MODEL_READY");

        var model = (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}")).GetProperty("model");
        model.GetProperty("data").GetProperty("params").GetArrayLength().ShouldBe(251);
        model.GetProperty("info").GetProperty("tags")[0].GetProperty("value").GetString().ShouldBe("a");
        (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}/artifacts/directories")).GetProperty("files")[0].GetProperty("path").GetString().ShouldBe("MLmodel");
        (await scientist.Client.GetStringAsync($"{Wires.Api}logged-models/{id}/artifacts/files?artifact_file_path=MLmodel")).ShouldBe("flavors: {}");
    }

    [Fact]
    public async Task A_parameter_is_written_once()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var id = await scientist.LoggedModelAsync(experiment);
        await scientist.CallAsync(HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = Pairs(("a", "1")) });
        await scientist.CallAsync(HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = Pairs(("a", "1"), ("b", "2")) });

        await scientist.TryAsync(HttpMethod.Post, $"logged-models/{id}/params", new { model_id = id, @params = Pairs(("c", "3"), ("a", "other")) })
            .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");

        var kept = (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}")).GetProperty("model").GetProperty("data").GetProperty("params");
        kept.EnumerateArray().Select(param => param.GetProperty("key").GetString()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Tags_are_set_and_deleted_and_versions_stand_once_in_theirs()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var id = await scientist.LoggedModelAsync(experiment);
        await scientist.CallAsync(HttpMethod.Patch, $"logged-models/{id}/tags", new { tags = Pairs(("a b", "1"), ("mlflow.modelVersions", """[{"name": "m", "version": 1}, {"name": "m", "version": "1"}]""")) });

        var tags = (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}")).GetProperty("model").GetProperty("info").GetProperty("tags");
        JsonElement.Parse(tags.EnumerateArray().Single(tag => tag.GetProperty("key").GetString() == "mlflow.modelVersions").GetProperty("value").GetString()!).GetArrayLength().ShouldBe(1); // it has a value
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Wires.Api}logged-models/{id}/tags/a%20b");
        (await scientist.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await scientist.TryAsync(HttpMethod.Delete, $"logged-models/{id}/tags/a%20b").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_deleted_model_is_gone_from_get_and_search_and_takes_no_files()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var id = await scientist.LoggedModelAsync(experiment);
        await scientist.CallAsync(HttpMethod.Delete, $"logged-models/{id}");
        await scientist.CallAsync(HttpMethod.Delete, $"logged-models/{id}"); // again: nothing to do

        await scientist.TryAsync(HttpMethod.Get, $"logged-models/{id}").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}?allow_deleted=true")).GetProperty("model").GetProperty("info").GetProperty("model_id").GetString().ShouldBe(id);
        (await IdsAsync(scientist, new { experiment_ids = new[] { experiment } })).ShouldBeEmpty();
        await scientist.TryPutAsync($"{experiment}/models/{id}/artifacts/x", [1]).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Points_that_a_run_logs_for_a_model_are_its_own_and_NaN_is_one()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var (id, run) = (await scientist.LoggedModelAsync(experiment), await scientist.RunAsync(experiment));
        object[] points =
        [
            new { key = "rmse", value = 0.5, timestamp = 10, step = 0, model_id = id, dataset_name = "d", dataset_digest = "1" },
            new { key = "auc", value = "NaN", timestamp = 10, step = 0, model_id = id },
            new { key = "rmse", value = 9.0, timestamp = 10, step = 1 },
        ];
        await scientist.CallAsync(HttpMethod.Post, "runs/log-batch", new { run_id = run, metrics = points });
        await scientist.CallAsync(HttpMethod.Post, "runs/log-batch", new { run_id = run, metrics = points }); // a client that heard nothing sends it again
        await scientist.CallAsync(HttpMethod.Post, "runs/log-metric", new { run_id = run, key = "f1", value = 0.25, timestamp = 11, step = 2, model_id = id });

        var metrics = (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}")).GetProperty("model").GetProperty("data").GetProperty("metrics").EnumerateArray().ToList();
        metrics.Select(metric => metric.GetProperty("key").GetString()).ShouldBe(["auc", "f1", "rmse"]);
        metrics[0].GetProperty("value").GetString().ShouldBe("NaN");
        metrics[2].GetProperty("dataset_name").GetString().ShouldBe("d");
        metrics[2].GetProperty("run_id").GetString().ShouldBe(run);
    }

    [Fact]
    public async Task A_run_writes_no_points_into_a_model_of_another_project()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var elsewhere = await scientist.ExperimentAsync(await TestTenant.ProjectOfAsync(scientist, "Elsewhere"), $"e-{Guid.NewGuid():n}");
        var (id, run) = (await scientist.LoggedModelAsync(experiment), await scientist.RunAsync(elsewhere));

        await scientist.CallAsync(HttpMethod.Post, "runs/log-batch", new { run_id = run, metrics = new[] { new { key = "rmse", value = 0.5, timestamp = 10, step = 0, model_id = id } } });

        (await scientist.CallAsync(HttpMethod.Get, $"logged-models/{id}")).GetProperty("model").GetProperty("data").TryGetProperty("metrics", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_search_understands_the_grammar_and_sorts_by_metrics_missing_and_NaN_last()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var run = await scientist.RunAsync(experiment);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in new (string, object?)[] { ("best", 0.1), ("middle", 0.5), ("worst", 0.9), ("broken", "NaN"), ("unmeasured", null) })
        {
            ids[name] = (await scientist.CallAsync(HttpMethod.Post, "logged-models", new { experiment_id = experiment, name, @params = Pairs(("p", name)), tags = Pairs(("t", name)) }))
                .GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!; // it has one
            if (value is not null)
                await scientist.CallAsync(HttpMethod.Post, "runs/log-metric", new { run_id = run, key = "rmse", value, timestamp = 1, step = 0, model_id = ids[name], dataset_name = name, dataset_digest = "1" });
        }

        async Task<string[]> FindAsync(string filter, object? order = null, object? datasets = null) =>
            [.. (await IdsAsync(scientist, new { experiment_ids = new[] { experiment }, filter, order_by = order is null ? [] : new[] { order }, datasets = datasets is null ? [] : new[] { datasets } }))
                .Select(id => ids.Single(pair => pair.Value == id).Key)];

        (await FindAsync("")).ShouldBe(["unmeasured", "broken", "worst", "middle", "best"], ignoreOrder: true);
        (await FindAsync("name = 'best'")).ShouldBe(["best"]);
        (await FindAsync("name LIKE 'b%' AND params.p != 'broken'")).ShouldBe(["best"]);
        (await FindAsync("tags.t IN ('best', 'worst')")).ShouldBe(["best", "worst"], ignoreOrder: true);
        (await FindAsync("metrics.rmse < 0.6")).ShouldBe(["best", "middle"], ignoreOrder: true);
        (await FindAsync("metrics.rmse IS NULL OR name = 'best'")).ShouldBe(["unmeasured", "best"], ignoreOrder: true);
        (await FindAsync("status = 'PENDING' AND model_id != 'm-1' AND creation_timestamp > 0")).Length.ShouldBe(5);
        (await FindAsync("", new { field_name = "metrics.rmse", ascending = true }))[..3].ShouldBe(["best", "middle", "worst"]);
        (await FindAsync("", new { field_name = "metrics.rmse", ascending = false }))[..3].ShouldBe(["worst", "middle", "best"]);
        (await FindAsync("", new { field_name = "name", ascending = true })).ShouldBe(["best", "broken", "middle", "unmeasured", "worst"]);
        (await FindAsync("", new { field_name = "metrics.rmse", ascending = true, dataset_name = "worst", dataset_digest = "1" }))[0].ShouldBe("worst");
        (await FindAsync("", datasets: new { dataset_name = "middle", dataset_digest = "1" })).ShouldBe(["middle"]);
        (await FindAsync("metrics.rmse < 0.6", datasets: new { dataset_name = "worst" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_and_a_token_is_good_for_its_query_alone()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var run = await scientist.RunAsync(experiment);
        for (var number = 0; number < 7; number++)
        {
            var id = await scientist.LoggedModelAsync(experiment, $"m{number}");
            if (number % 3 != 0)
                await scientist.CallAsync(HttpMethod.Post, "runs/log-metric", new { run_id = run, key = "rmse", value = number % 2 == 0 ? 0.5 : number, timestamp = 1, step = 0, model_id = id });
        }

        object[] order = [new { field_name = "metrics.rmse", ascending = false }];
        var all = await IdsAsync(scientist, new { experiment_ids = new[] { experiment }, order_by = order });
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await scientist.CallAsync(HttpMethod.Post, "logged-models/search", new { experiment_ids = new[] { experiment }, order_by = order, max_results = 2, page_token = token });
            seen.AddRange(Ids(page));
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
            if (token is not null)
                await scientist.TryAsync(HttpMethod.Post, "logged-models/search", new { experiment_ids = new[] { experiment }, filter = "name != 'x'", order_by = order, max_results = 2, page_token = token })
                    .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        }
        while (token is not null);

        seen.ShouldBe(all);
        seen.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("""{"experiment_ids":[]}""")]
    [InlineData("""{"experiment_ids":["0"],"filter":"foo.bar = 1"}""")]
    [InlineData("""{"experiment_ids":["0"],"filter":"metrics.a > 'x'"}""")]
    [InlineData("""{"experiment_ids":["0"],"order_by":[{"field_name":"params.a"}]}""")]
    [InlineData("""{"experiment_ids":["0"],"datasets":[{"dataset_digest":"1"}]}""")]
    [InlineData("""{"experiment_ids":["0"],"max_results":-1}""")]
    [InlineData("""{"experiment_ids":["0"],"max_results":50001}""")]
    [InlineData("""{"experiment_ids":["0"],"page_token":"garbage"}""")]
    [InlineData("""{"experiment_ids":["0"],"page_token":"eyJvZmZzZXQiOiA1MH0="}""")]
    public async Task A_search_that_cannot_be_understood_is_400(string body)
    {
        var (scientist, _) = await ArrangeAsync();

        await scientist.TryAsync(HttpMethod.Post, "logged-models/search", JsonElement.Parse(body)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Names_that_break_paths_unknown_models_and_deleted_experiments_are_refused()
    {
        var (scientist, experiment) = await ArrangeAsync();

        await scientist.TryAsync(HttpMethod.Post, "logged-models", new { experiment_id = experiment, name = "a/b" }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryAsync(HttpMethod.Post, "logged-models", new { name = "a" }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.TryAsync(HttpMethod.Post, "logged-models", new { experiment_id = $"{Guid.NewGuid():n}", name = "a" }).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        foreach (var unknown in new[] { $"m-{Guid.CreateVersion7():n}", "m-1", "nonsense" })
        {
            await scientist.TryAsync(HttpMethod.Get, $"logged-models/{unknown}").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await scientist.TryAsync(HttpMethod.Patch, $"logged-models/{unknown}", new { model_id = unknown, status = 2 }).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
        }

        var id = await scientist.LoggedModelAsync(experiment);
        await scientist.TryAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
        await scientist.CallAsync(HttpMethod.Post, "experiments/delete", new { experiment_id = experiment });
        await scientist.TryAsync(HttpMethod.Post, "logged-models", new { experiment_id = experiment, name = "a" }).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task A_stranger_finds_no_model_and_a_colleague_without_the_role_changes_none()
    {
        var (scientist, experiment) = await ArrangeAsync();
        var id = await scientist.LoggedModelAsync(experiment, "canary");
        var stranger = await portal.TenantAsync("Stranger");

        foreach (var nobody in new[] { tenant!.Outsider, stranger.Administrator }) // arranged
        {
            await nobody.TryAsync(HttpMethod.Get, $"logged-models/{id}").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.TryAsync(HttpMethod.Delete, $"logged-models/{id}").ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            await nobody.TryAsync(HttpMethod.Patch, $"logged-models/{id}/tags", new { tags = Pairs(("a", "1")) }).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST");
            (await IdsAsync(nobody, new { experiment_ids = new[] { experiment } })).ShouldBeEmpty();
        }

        await tenant[Role.Viewer].TryAsync(HttpMethod.Patch, $"logged-models/{id}", new { model_id = id, status = 2 }).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED");
        (await IdsAsync(tenant[Role.Viewer], new { experiment_ids = new[] { experiment } })).ShouldBe([id]);
    }

    private async Task<(TestMember Scientist, string Experiment)> ArrangeAsync()
    {
        tenant ??= await portal.TenantAsync("Models");
        var scientist = tenant[Role.DataScientist];
        return (scientist, await scientist.ExperimentAsync(await tenant.ProjectAsync("Churn"), $"e-{Guid.NewGuid():n}"));
    }

    private static async Task<string[]> IdsAsync(TestMember member, object search) => Ids(await member.CallAsync(HttpMethod.Post, "logged-models/search", search));

    private static string[] Ids(JsonElement page) =>
        page.TryGetProperty("models", out var models) ? [.. models.EnumerateArray().Select(model => model.GetProperty("info").GetProperty("model_id").GetString()!)] : []; // each has one

    private static object[] Pairs(params (string Key, string Value)[] pairs) => [.. pairs.Select(pair => new { key = pair.Key, value = pair.Value })];
}
