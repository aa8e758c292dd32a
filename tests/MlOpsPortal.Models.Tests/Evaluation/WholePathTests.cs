using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Comparison;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Tests.Evaluation;

/// <summary>Upload, admission, contract, receipt, evaluation, comparison over HTTP, with jobs in child processes.</summary>
public sealed class WholePathTests(TestPortal portal)
{
    [Fact]
    public async Task Logistic_and_random_forest_on_breast_cancer_show_no_detectable_difference()
    {
        var team = await TestTeam.NewAsync(portal);
        var (logistic, forest) = (new Sample("breast_cancer", "logistic"), new Sample("breast_cancer", "random_forest"));
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Test);
        var model = await team.NewModelAsync("diagnosis");
        await team.AddReadyVersionAsync(model.Id, logistic, training, test);
        var view = await team.AddReadyVersionAsync(model.Id, forest, training, test);
        view.Model.Versions.ShouldAllBe(version => version.Fidelity!.Receipt!.Verdict == FidelityVerdict.Pass);
        await team.EvaluateAsync(model.Id, 1, test);
        var evaluation = await team.EvaluateAsync(model.Id, 2, test);
        evaluation.State.ShouldBe(EvaluationState.Done, evaluation.Fault?.Detail);
        evaluation.TimesUsed.ShouldBe(2);

        var ids = string.Join(',', view.Model.Versions.Select(version => version.Id));
        var comparison = await team.GetAsync<ComparisonView>($"/api/v1/models/compare?versions={ids}&dataset={test.Dataset}&datasetVersion={test.Number}");

        comparison.Verdict.Winner.ShouldBeNull();
        var other = comparison.Verdict.Others.ShouldHaveSingleItem();
        other.Verdict.ShouldBe(Verdict.NoDetectableDifference);
        var expected = logistic.ExpectedComparison()["paired"]!.AsArray().First(pair => pair!["a"]!.GetValue<string>() == "logistic" && pair["b"]!.GetValue<string>() == "random_forest")!;
        other.P.ShouldNotBeNull().ShouldBe(expected["delong_p"]!.GetValue<double>(), 1e-6);
        comparison.Baselines.Select(baseline => baseline.Key).ShouldContain("constant");
        comparison.Verdict.Beaten.ShouldContain("constant");
    }

    [Fact]
    public async Task Models_of_several_classes_are_evaluated_and_compared_beside_the_shares_of_their_training_version()
    {
        var team = await TestTeam.NewAsync(portal);
        var (logistic, boosting) = (new Sample("wine", "logistic"), new Sample("wine", "lightgbm"));
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Test);
        await team.NameTargetAsync("target");
        var model = await team.NewModelAsync("cultivar", logistic.Task);
        await team.AddReadyVersionAsync(model.Id, logistic, training);
        var view = await team.AddReadyVersionAsync(model.Id, boosting, training);
        view.Model.Versions[0].Contract.ShouldNotBeNull().Contract.ClassNames.ShouldBe(["0", "1", "2"]);
        await team.EvaluateAsync(model.Id, 1, test);
        var evaluation = await team.EvaluateAsync(model.Id, 2, test);
        evaluation.State.ShouldBe(EvaluationState.Done, evaluation.Fault?.Detail);
        evaluation.Report.ShouldNotBeNull().ConstantShares.ShouldNotBeNull().Sum().ShouldBe(1, 1e-12);

        var ids = string.Join(',', view.Model.Versions.Select(version => version.Id));
        var comparison = await team.GetAsync<ComparisonView>($"/api/v1/models/compare?versions={ids}&dataset={test.Dataset}&datasetVersion={test.Number}");

        comparison.Headline.ShouldBe("log_loss");
        comparison.Baselines.ShouldHaveSingleItem().Metrics["accuracy"].Value.ShouldNotBeNull().ShouldBeLessThan(0.5);
        comparison.Verdict.Beaten.ShouldBe(["constant"]);
        var registry = team.Service<IModelRegistry>();
        (await registry.GetReadyAsync(team.Ada, view.Model.Versions[0].Id, TestContext.Current.CancellationToken)).Refusal!.Code.ShouldBe("models.not_served");
    }

    [Fact]
    public async Task Lightgbm_is_named_the_winner_over_random_forest_on_the_retail_test_set()
    {
        var team = await TestTeam.NewAsync(portal);
        var (boosting, forest) = (new Sample("retail/response_model", "lightgbm"), new Sample("retail/response_model", "random_forest"));
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, boosting, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, boosting, DatasetRole.Test);
        await team.NameTargetAsync(boosting.Target, heuristicColumn: "category");
        var model = await team.NewModelAsync("response");
        await team.AddReadyVersionAsync(model.Id, boosting, training);
        var view = await team.AddReadyVersionAsync(model.Id, forest, training);
        var ids = string.Join(',', view.Model.Versions.Select(version => version.Id));
        var asked = await team.PostAsync<ListOf<EvaluationView>>($"/api/v1/models/compare?versions={ids}&dataset={test.Dataset}&datasetVersion={test.Number}", new { });
        asked.Items.Length.ShouldBe(2);
        foreach (var evaluation in asked.Items)
            await TestTeam.UntilAsync(() => team.GetAsync<EvaluationView>($"/api/v1/evaluations/{evaluation.Id}"), seen => seen.State == EvaluationState.Done);

        var comparison = await team.GetAsync<ComparisonView>($"/api/v1/models/compare?versions={ids}&dataset={test.Dataset}&datasetVersion={test.Number}");

        comparison.Verdict.Winner.ShouldBe("response v1");
        var heuristic = comparison.Baselines.First(baseline => baseline.Key == "heuristic");
        heuristic.Column.ShouldBe("category");
        heuristic.Metrics["roc_auc"].Value.ShouldNotBeNull().ShouldBe(TestTeam.ExpectedHeuristic()["test"]!["roc_auc"]!.GetValue<double>(), 1e-6);
        comparison.Verdict.Beaten.ShouldBe(["constant", "heuristic"]);
    }

    [Fact]
    public async Task A_faulty_export_is_not_releasable_and_a_sound_one_is_approved_by_another_person()
    {
        var team = await TestTeam.NewAsync(portal);
        var (faulty, sound) = (new Sample("adult", "xgboost"), new Sample("adult", "random_forest"));
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, faulty, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, faulty, DatasetRole.Test);
        await team.NameTargetAsync(faulty.Target);
        var model = await team.NewModelAsync("income");
        await team.AddReadyVersionAsync(model.Id, faulty, training, test);
        var view = await team.AddReadyVersionAsync(model.Id, sound, training, test);
        await team.EvaluateAsync(model.Id, 1, test);
        await team.EvaluateAsync(model.Id, 2, test);
        Math.Round(view.Model.Versions[0].Fidelity!.Receipt!.ShareOver * 100, 1).ShouldBe(62.1);
        view.Model.Versions[1].Fidelity!.Receipt!.Verdict.ShouldBe(FidelityVerdict.Warning);

        var refused = await team.TryPostAsync(team.Ada, "/api/v1/releases", new NewRelease(view.Model.Versions[0].Id, ReleaseEnvironment.Production, "try"));
        refused.Status.ShouldBe(422);
        refused.Code.ShouldBe("models.evidence_missing");
        var request = await team.PostAsync<ReleaseRequest>("/api/v1/releases", new NewRelease(view.Model.Versions[1].Id, ReleaseEnvironment.Production, "beats the heuristic"));
        (await team.TryPostAsync(team.Ada, "/api/v1/releases", new NewRelease(view.Model.Versions[1].Id, ReleaseEnvironment.Production, "again"))).Code.ShouldBe("models.release_open");
        (await team.TryPostAsync(team.Ada, $"/api/v1/releases/{request.Id}/approve", new ReleaseComment("me"))).Status.ShouldBe(403);
        var approvals = team.Service<IReleaseApprovals>();
        (await approvals.DemandAsync(team.Ada, view.Model.Versions[1].Id, ReleaseEnvironment.Production, TestContext.Current.CancellationToken)).Refusal!.Code.ShouldBe("models.not_approved");
        (await team.TryPostAsync(team.Rita, $"/api/v1/releases/{request.Id}/approve", new ReleaseComment("evidence is sound"))).Status.ShouldBe(200);

        var approval = (await approvals.DemandAsync(team.Ada, view.Model.Versions[1].Id, ReleaseEnvironment.Production, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull();
        approval.ApprovedBy.Name.ShouldBe("Rita");
        approval.FileSha256.ShouldBe(view.Model.Versions[1].File!.Sha256);
        (await team.AuditAsync("release")).ShouldBe(["release.requested", "release.approved"]);
    }

    [Fact]
    public async Task A_ready_version_is_handed_to_serving_with_contract_and_file()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("diabetes", "ridge");
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Training);
        var model = await team.NewModelAsync("progression", sample.Task);
        var view = await team.AddReadyVersionAsync(model.Id, sample, training);
        var registry = team.Service<IModelRegistry>();

        var servable = (await registry.GetReadyAsync(team.Ada, view.Model.Versions[0].Id, TestContext.Current.CancellationToken)).Value.ShouldNotBeNull();

        servable.Contract.Features.Length.ShouldBe(10);
        var path = Path.Combine(AppContext.BaseDirectory, $"served-{Guid.NewGuid():n}.onnx");
        await registry.DownloadAsync(team.Ada.Tenant, servable.File.ShouldNotBeNull(), path, TestContext.Current.CancellationToken);
        (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).ShouldBe(await File.ReadAllBytesAsync(sample.ModelFile, TestContext.Current.CancellationToken));
    }
}
