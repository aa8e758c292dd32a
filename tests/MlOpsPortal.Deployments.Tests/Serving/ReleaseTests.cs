using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Deployments.Serving.Routing;
using MlOpsPortal.Models.Approvals;

namespace MlOpsPortal.Deployments.Tests.Serving;

public sealed class ReleaseTests
{
    private const string One = """{"rows":[{"x":0}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replaced_model_is_freed_after_its_last_request()
    {
        await using var portal = await TestPortal.StartAsync();
        var model = TestModels.Adding(1);
        var deployment = await portal.ServeAsync(model, "freed");
        var before = portal.Services.GetRequiredService<RoutingTable>().Find(deployment.Id)!.Model!;
        before.TryHold().ShouldBeTrue();

        await portal.ReleaseAsync(deployment.Id, portal.Version(TestModels.Adding(2), 2, model.Id));

        before.IsFreed.ShouldBeFalse();
        before.LetGo();
        await TestPortal.UntilAsync(() => before.IsFreed);
        before.TryHold().ShouldBeFalse();
    }

    [Fact]
    public async Task Rolling_back_is_one_action_and_every_step_is_in_the_trail()
    {
        await using var portal = await TestPortal.StartAsync();
        var model = TestModels.Adding(1000);
        var deployment = await portal.ServeAsync(model, "back");
        await portal.ReleaseAsync(deployment.Id, portal.Version(TestModels.Adding(2000), 2, model.Id));

        (await portal.PostAsync($"/api/v1/endpoints/{deployment.Id}/roll-back", """{"text":"worse"}""")).Status.ShouldBe(200);
        (await portal.SettledAsync(deployment.Id)).Live!.Version.Number.ShouldBe(1);

        var (_, body) = await portal.PostAsync("/api/v1/endpoints/back/score", One);
        body.GetProperty("version").GetString().ShouldBe("1");
        (await portal.AskAsync<string>("SELECT string_agg(action, ' ' ORDER BY at, id) FROM platform.audit")).ShouldBe(
            "deployment.created deployment.release_started deployment.release_live deployment.release_started deployment.release_live "
            + "deployment.rolled_back deployment.release_started deployment.release_live");
    }

    [Fact]
    public async Task Switched_off_it_gives_the_fallback_or_a_503_that_says_why()
    {
        await using var portal = await TestPortal.StartAsync();
        var deployment = await portal.ServeAsync(TestModels.Adding(1000), "switched");
        (await portal.PostAsync($"/api/v1/endpoints/{deployment.Id}/switch-off", """{"reason":"drift"}""")).Status.ShouldBe(200);
        await ServedAsync(portal, deployment.Id, served => served.Off is not null);

        var (off, problem) = await portal.PostAsync("/api/v1/endpoints/switched/score", One);
        off.ShouldBe(503);
        problem.GetProperty("detail").GetString().ShouldBe("\"switched\" is switched off: drift");
        var (oip, error) = await portal.PostAsync("/v2/models/switched/infer", "{}");
        oip.ShouldBe(503);
        error.GetProperty("error").GetString()!.ShouldContain("drift");

        (await portal.PostAsync($"/api/v1/endpoints/{deployment.Id}/switch-on", "{}")).Status.ShouldBe(200);
        await ServedAsync(portal, deployment.Id, served => served.Off is null);
        (await portal.PostAsync($"/api/v1/endpoints/{deployment.Id}/switch-off", """{"reason":"drift","fallback":42.5}""")).Status.ShouldBe(200);
        await ServedAsync(portal, deployment.Id, served => served.Off is not null);
        var (fallback, answer) = await portal.PostAsync("/api/v1/endpoints/switched/score", One);
        fallback.ShouldBe(200);
        answer.GetProperty("fallback").GetBoolean().ShouldBeTrue();
        answer.GetProperty("version").GetString().ShouldBe("fallback");
        answer.GetProperty("predictions")[0].GetProperty("prediction").GetDouble().ShouldBe(42.5);
        await portal.UntilAsync("SELECT count(*) FROM monitoring.predictions WHERE version IS NULL AND output = 42.5", 1);
    }

    [Fact]
    public async Task Production_needs_an_approval_by_another_person()
    {
        await using var portal = await TestPortal.StartAsync();
        var version = portal.Version(TestModels.Adding(1), 1);
        var created = (await portal.Desk.CreateAsync(TestPortal.Caller, new NewDeployment(TestModel.Project, "prod", ReleaseEnvironment.Production, version.Model, null, null), Stop)).Required().State;

        var (refused, problem) = await portal.PostAsync($"/api/v1/endpoints/{created.Id}/releases", $$"""{"modelVersion":"{{version.Version}}"}""");
        refused.ShouldBe(409);
        problem.GetProperty("code").GetString().ShouldBe("deployments.needs_approval");
        (await portal.PostAsync("/api/v1/endpoints/prod/score", One)).Status.ShouldBe(503);

        portal.Approvals.Given[version.Version] = Releases.Given.Approval(ServableVersion.Of(version));
        var released = await portal.ReleaseAsync(created.Id, version);
        released.Live!.Approval!.ApprovedBy.Name.ShouldBe("Rita");
        (await portal.PostAsync("/api/v1/endpoints/prod/score", One)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_name_is_taken_once_and_free_again_when_archived()
    {
        await using var portal = await TestPortal.StartAsync();
        var deployment = await portal.ServeAsync(TestModels.Adding(1), "once");
        var request = $$"""{"project":"{{TestModel.Project}}","name":"once","environment":"sandbox","model":"{{deployment.Model}}"}""";
        var (taken, problem) = await portal.PostAsync("/api/v1/endpoints", request);
        taken.ShouldBe(409);
        problem.GetProperty("code").GetString().ShouldBe("deployments.name_taken");

        await portal.PostAsync($"/api/v1/endpoints/{deployment.Id}/archive", """{"reason":"done"}""");
        (await portal.PostAsync("/api/v1/endpoints", request)).Status.ShouldBe(201);
        await ServedAsync(portal, deployment.Id, served => served is null);
    }

    [Fact]
    public async Task A_portal_that_starts_serves_what_was_live_and_finishes_what_was_loading()
    {
        TestPortal first;
        TestFiles files;
        Deployment deployment;
        await using (first = await TestPortal.StartAsync())
        {
            files = first.Files;
            var model = TestModels.Adding(1000);
            deployment = await first.ServeAsync(model, "restarted");
            var next = first.Version(TestModels.Adding(2000), 2, model.Id);
            first.Files.HeldBack[next.File!.Sha256] = new TaskCompletionSource();
            await first.Desk.ReleaseAsync(TestPortal.Caller, deployment.Id, next.Version, null, Stop);
        }

        files.HeldBack.Clear();
        await using var second = await TestPortal.StartAsync(first, also: services => services.AddSingleton<MlOpsPortal.Deployments.Serving.IModelFiles>(files));
        (await second.SettledAsync(deployment.Id)).Live!.Version.Number.ShouldBe(2);
        var (_, body) = await second.PostAsync("/api/v1/endpoints/restarted/score", One);
        body.GetProperty("predictions")[0].GetProperty("prediction").GetDouble().ShouldBe(2000);
    }

    [Fact]
    public async Task A_model_that_never_ends_is_stopped_at_the_deadline_and_the_endpoint_stays_up()
    {
        await using var portal = await TestPortal.StartAsync(settings: new() { ["Serving:Deadline"] = "00:00:03" });
        await portal.ServeAsync(TestModels.Looping(), "loop");

        (await portal.PostAsync("/api/v1/endpoints/loop/score", """{"rows":[{"x":3}]}""")).Status.ShouldBe(200);
        var (status, body) = await portal.PostAsync("/api/v1/endpoints/loop/score", """{"rows":[{"x":1e18}]}""");
        status.ShouldBe(504);
        body.GetProperty("code").GetString().ShouldBe("deployments.too_slow");
        (await portal.PostAsync("/api/v1/endpoints/loop/score", """{"rows":[{"x":2},{"x":1e18}]}""")).Status.ShouldBe(504);
        (await portal.PostAsync("/api/v1/endpoints/loop/score", """{"rows":[{"x":3}]}""")).Status.ShouldBe(200);
    }

    private static Task ServedAsync(TestPortal portal, DeploymentId id, Func<ServedDeployment, bool> wanted)
    {
        var table = portal.Services.GetRequiredService<RoutingTable>();
        return TestPortal.UntilAsync(() => wanted(table.Find(id)!)); // null is what some wait for
    }
}
