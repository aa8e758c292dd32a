using System.Net.Http.Json;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Tests.Registry;

public sealed class RegistryHttpTests(TestPortal portal)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_taken_once_in_a_project_whatever_its_case()
    {
        var team = await TestTeam.NewAsync(portal);
        await team.NewModelAsync("Response");

        var second = await team.TryPostAsync(team.Ada, "/api/v1/models", new NewModel(team.Project, "response", null, MlTask.Binary));

        second.Status.ShouldBe(409);
        second.Code.ShouldBe("models.name_taken");
    }

    [Fact]
    public async Task Two_projects_may_use_the_same_name()
    {
        var one = await TestTeam.NewAsync(portal);
        var two = await TestTeam.NewAsync(portal, one.Ada.Tenant);

        await one.NewModelAsync("response");
        (await two.NewModelAsync("response")).Name.ShouldBe("response");
    }

    [Fact]
    public async Task Of_two_people_who_save_at_once_one_is_told_to_look_again()
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("response");

        (await DescribeAsync(team, model.Id, "first", "\"1\"")).Status.ShouldBe(200);
        var second = await DescribeAsync(team, model.Id, "second", "\"1\"");

        second.Status.ShouldBe(409);
        second.Code.ShouldBe("stale");
        (await team.GetModelAsync(model.Id)).Model.Description.ShouldBe("first");
    }

    [Fact]
    public async Task Another_tenants_model_version_evaluation_and_release_are_not_there()
    {
        var theirs = await TestTeam.NewAsync(portal);
        var model = await theirs.NewModelAsync("secret");
        var version = (await theirs.AddVersionAsync(model.Id, await File.ReadAllBytesAsync(new Sample("diabetes", "ridge").ModelFile, Stop))).Model.Versions[0];
        var ours = await TestTeam.NewAsync(portal);
        var random = await GetAsync(ours, $"/api/v1/models/{Guid.NewGuid():n}");

        (await GetAsync(ours, $"/api/v1/models/{model.Id}")).ShouldBe(random);
        (await GetAsync(ours, $"/api/v1/models/{model.Id}/versions/1")).ShouldBe(random);
        (await GetAsync(ours, $"/api/v1/models/{model.Id}/versions/1/contract/proposal")).ShouldBe(random);
        (await GetAsync(ours, $"/api/v1/models/compare?versions={version.Id}&dataset={Guid.NewGuid():n}&datasetVersion=1")).ShouldBe(random);
        (await ours.TryPostAsync(ours.Ada, $"/api/v1/models/{model.Id}/versions", new NewVersion(new UploadId(Guid.NewGuid()), null, null, null, null, null, null))).ShouldBe(random);
        (await ours.TryPostAsync(ours.Ada, "/api/v1/releases", new NewRelease(version.Id, ReleaseEnvironment.Production, "mine now"))).ShouldBe(random);
        (await ours.GetAsync<Page<ModelSummary>>("/api/v1/models")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_one_is_no_member_of_is_not_there_either()
    {
        var theirs = await TestTeam.NewAsync(portal);
        var model = await theirs.NewModelAsync("secret");
        var neighbour = await TestTeam.NewAsync(portal, theirs.Ada.Tenant);

        (await GetAsync(neighbour, $"/api/v1/models/{model.Id}")).Status.ShouldBe(404);
        (await neighbour.TryPostAsync(neighbour.Ada, "/api/v1/models", new NewModel(theirs.Project, "mine", null, MlTask.Binary))).Status.ShouldBe(404);
        (await neighbour.GetAsync<Page<ModelSummary>>("/api/v1/models")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_tenants_dataset_and_upload_are_not_there()
    {
        var theirs = await TestTeam.NewAsync(portal);
        var sample = new Sample("diabetes", "ridge");
        var dataset = await theirs.Datasets.AddAsync(theirs.Ada, theirs.Project, sample, DatasetRole.Training);
        var upload = await theirs.UploadAsync([1, 2, 3], "theirs.onnx");
        var ours = await TestTeam.NewAsync(portal);
        var model = await ours.NewModelAsync("mine", MlTask.Regression);
        var own = await ours.UploadAsync(await File.ReadAllBytesAsync(sample.ModelFile, Stop), "ridge.onnx");

        (await ours.TryPostAsync(ours.Ada, $"/api/v1/models/{model.Id}/versions", new NewVersion(upload, null, null, null, null, null, null))).Code.ShouldBe("uploads.not_found");
        var foreign = await ours.TryPostAsync(ours.Ada, $"/api/v1/models/{model.Id}/versions", new NewVersion(own, dataset, null, null, null, null, null));
        foreign.Status.ShouldBe(404);
        foreign.Code.ShouldBe("models.no_dataset");
        (await ours.GetModelAsync(model.Id)).Model.Versions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_viewer_looks_and_does_not_upload()
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("response");
        var vera = team.NewPerson(team.Ada.Tenant, "Vera", Role.Viewer);
        team.Service<TestPermissions>().Admit(vera, team.Project.Scope);
        using var client = team.Client(vera);

        (await TestTeam.ProblemAsync(await client.GetAsync(new Uri($"/api/v1/models/{model.Id}", UriKind.Relative), Stop))).Status.ShouldBe(200);
        (await team.TryPostAsync(vera, "/api/v1/models", new NewModel(team.Project, "hers", null, MlTask.Binary))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_repeated_request_with_the_same_key_takes_effect_once()
    {
        var team = await TestTeam.NewAsync(portal);
        team.Api.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString("n"));
        var first = await team.PostAsync<ModelView>("/api/v1/models", new NewModel(team.Project, "once", null, MlTask.Binary));
        var second = await team.PostAsync<ModelView>("/api/v1/models", new NewModel(team.Project, "once", null, MlTask.Binary));

        second.Model.Id.ShouldBe(first.Model.Id);
    }

    [Fact]
    public async Task A_version_without_contract_is_not_evaluated()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("breast_cancer", "logistic");
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Test);
        var binary = await team.NewModelAsync("unmapped");
        await team.AddVersionAsync(binary.Id, await File.ReadAllBytesAsync(sample.ModelFile, Stop));

        (await team.TryPostAsync(team.Ada, $"/api/v1/models/{binary.Id}/versions/1/evaluations", new NewEvaluation(test, null, null, null))).Code.ShouldBe("models.not_ready");
    }

    [Fact]
    public async Task A_comparison_with_a_version_that_is_not_ready_asks_for_nothing()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("breast_cancer", "logistic");
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Training);
        var model = await team.NewModelAsync("diagnosis");
        await team.AddReadyVersionAsync(model.Id, sample, training);
        var view = await team.AddVersionAsync(model.Id, await File.ReadAllBytesAsync(sample.ModelFile, Stop));
        var ids = string.Join(',', view.Model.Versions.Select(version => version.Id));

        var refused = await team.TryPostAsync(team.Ada, $"/api/v1/models/compare?versions={ids}&dataset={training.Dataset}&datasetVersion={training.Number}", new { });

        refused.Code.ShouldBe("models.not_ready");
        (await team.GetAsync<ListOf<EvaluationView>>($"/api/v1/models/{model.Id}/versions/1/evaluations")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_evaluation_on_rows_that_lack_a_feature_fails_with_its_name()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("breast_cancer", "logistic");
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Training);
        var other = await team.Datasets.AddAsync(team.Ada, team.Project, new Sample("diabetes", "ridge"), DatasetRole.Test);
        var model = await team.NewModelAsync("diagnosis");
        await team.AddReadyVersionAsync(model.Id, sample, training);

        var evaluation = await team.EvaluateAsync(model.Id, 1, other);

        evaluation.State.ShouldBe(EvaluationState.Failed);
        evaluation.Fault.ShouldNotBeNull().Code.ShouldBe("models.columns_missing");
        evaluation.Fault.Detail.ShouldContain("mean_radius");
    }

    private static async Task<(int Status, string? Code, string? Detail)> DescribeAsync(TestTeam team, ModelId id, string description, string match)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/models/{id}") { Content = JsonContent.Create(new ModelText("response", description), options: PortalJson.Options) };
        request.Headers.TryAddWithoutValidation("If-Match", match);
        return await TestTeam.ProblemAsync(await team.Api.SendAsync(request, Stop));
    }

    private static async Task<(int Status, string? Code, string? Detail)> GetAsync(TestTeam team, string path) =>
        await TestTeam.ProblemAsync(await team.Api.GetAsync(new Uri(path, UriKind.Relative), Stop));
}
