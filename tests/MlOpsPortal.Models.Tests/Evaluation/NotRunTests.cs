using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Comparison;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Projects.Problem;
using VersionState = MlOpsPortal.Models.Registry.VersionState;

namespace MlOpsPortal.Models.Tests.Evaluation;

/// <summary>Versions that the portal does not run, over HTTP: from upload to approval by the predictions that are sent in.</summary>
public sealed class NotRunTests(TestPortal portal)
{
    private static readonly ModelContract Loans = new(MlTask.Binary, "bad", "1", ContractOutput.None, [], 0.5);
    private static readonly byte[] Pickle = [0x80, 0x04, 0x95, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x4b, 0x01, 0x2e];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_without_a_file_is_evaluated_compared_and_approved_by_its_predictions()
    {
        var team = await TestTeam.NewAsync(portal);
        var (logistic, forest) = (new Sample("german_credit", "logistic"), new Sample("german_credit", "random_forest"));
        var training = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Training);
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, logistic, DatasetRole.Test);
        await team.NameTargetAsync("bad");
        var model = await team.NewModelAsync("loans");
        await team.PostAsync<ModelView>($"/api/v1/models/{model.Id}/versions", new NewVersion(null, training, "elsewhere", null, null, null, null) { NotRun = true });
        var proposal = await team.GetAsync<ProposalView>($"/api/v1/models/{model.Id}/versions/1/contract/proposal");
        proposal.Contract.ShouldBe(Loans with { Features = proposal.Contract.Features });
        proposal.Faults.ShouldBeEmpty();
        var ready = await team.PutAsync<ModelView>($"/api/v1/models/{model.Id}/versions/1/contract", proposal.Contract);
        ready.Model.Versions[0].State.ShouldBe(VersionState.Ready);
        ready.Model.Versions[0].File.ShouldBeNull();
        await team.AddReadyVersionAsync(model.Id, forest, training);

        (await team.TryPostAsync(team.Ada, $"/api/v1/models/{model.Id}/versions/1/evaluations", new NewEvaluation(test, null, null, null))).Code.ShouldBe("models.sent_needed");
        var sent = new PredictionsSent(await team.UploadAsync(await File.ReadAllBytesAsync(logistic.Predictions, Stop), "logistic.csv"), null, null);
        (await team.TryPostAsync(team.Ada, $"/api/v1/models/{model.Id}/versions/2/evaluations", new NewEvaluation(test, null, null, null) { Predictions = sent })).Code.ShouldBe("models.sent_not_taken");
        var evaluation = await EvaluateAsync(team, model.Id, 1, new NewEvaluation(test, null, 7, 200) { Predictions = sent, Sensitive = ["sex"] });
        evaluation.State.ShouldBe(EvaluationState.Done, evaluation.Fault?.Detail);
        Fairness.ShouldEqual(evaluation.Report.ShouldNotBeNull().Metrics, logistic.Expected()["metrics"]!, 1e-9, atLeast: 14);
        evaluation.Sent.ShouldNotBeNull().Name.ShouldBe("logistic.csv");
        var breakdown = await team.GetAsync<EvaluationBreakdown>($"/api/v1/evaluations/{evaluation.Id}/breakdown");
        breakdown.Importance.ShouldBeNull();
        Fairness.ShouldEqual(breakdown.Fairness.ShouldHaveSingleItem(), logistic.Expected()["fairness"]!["sex"]!, 1e-9);

        var scored = await EvaluateAsync(team, model.Id, 2, new NewEvaluation(test, null, 7, 200));
        scored.Sensitive.ShouldBe(["sex"]);
        (await team.GetAsync<EvaluationBreakdown>($"/api/v1/evaluations/{scored.Id}/breakdown")).Importance.ShouldNotBeNull().Repeats.ShouldBe(5);
        var versions = (await team.GetModelAsync(model.Id)).Model.Versions;
        var comparison = await team.GetAsync<ComparisonView>($"/api/v1/models/compare?versions={versions[0].Id},{versions[1].Id}&dataset={test.Dataset}&datasetVersion={test.Number}");
        comparison.Columns[0].Bytes.ShouldBeNull();
        comparison.Pairs.ShouldNotBeEmpty();

        var request = await team.PostAsync<ReleaseRequest>("/api/v1/releases", new NewRelease(versions[0].Id, ReleaseEnvironment.Production, "judged by its predictions"));
        request.Evidence.FileSha256.ShouldBeNull();
        request.Evidence.Evaluations.ShouldHaveSingleItem().SentIn.ShouldBeTrue();
        (await team.TryPostAsync(team.Rita, $"/api/v1/releases/{request.Id}/approve", new ReleaseComment("read"))).Status.ShouldBe(200);
        var approval = await team.Service<IReleaseApprovals>().DemandAsync(team.Ada, versions[0].Id, ReleaseEnvironment.Production, Stop);
        approval.Value.ShouldNotBeNull().FileSha256.ShouldBeNull();
        var servable = (await team.Service<IModelRegistry>().GetReadyAsync(team.Ada, versions[0].Id, Stop)).Value.ShouldNotBeNull();
        (servable.Signature, servable.File).ShouldBe((null, null));
    }

    [Fact]
    public async Task A_pickle_is_kept_and_never_opened_when_the_portal_shall_not_run_it()
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("loans");
        var upload = await team.UploadAsync(Pickle, "model.pkl");

        var view = await team.PostAsync<ModelView>($"/api/v1/models/{model.Id}/versions", new NewVersion(upload, null, null, null, null, null, null) { NotRun = true });

        var version = view.Model.Versions[0];
        (version.State, version.NotRun, version.AdmissionJob, version.Signature).ShouldBe((VersionState.ContractNeeded, true, null, null));
        version.File.ShouldNotBeNull().Name.ShouldBe("model.pkl");
    }

    [Fact]
    public async Task A_refused_file_can_be_kept_afterwards_and_only_once()
    {
        var team = await TestTeam.NewAsync(portal);
        var model = await team.NewModelAsync("loans");
        (await team.AddVersionAsync(model.Id, Pickle, "model.pkl")).Refused[1].Code.ShouldBe("onnx.is_pickle");

        var kept = await team.PostAsync<ModelView>($"/api/v1/models/{model.Id}/versions/1/keep", new { });

        kept.Model.Versions[0].NotRun.ShouldBeTrue();
        kept.Model.Versions[0].State.ShouldBe(VersionState.ContractNeeded);
        (await team.TryPostAsync(team.Ada, $"/api/v1/models/{model.Id}/versions/1/keep", new { })).Code.ShouldBe("models.version_move");
        (await team.AuditAsync("model")).ShouldContain("model.version_kept");
    }

    [Fact]
    public async Task Predictions_that_do_not_match_fail_the_evaluation_with_counts()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("german_credit", "logistic");
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Test);
        var model = await team.NewModelAsync("loans");
        await team.PostAsync<ModelView>($"/api/v1/models/{model.Id}/versions", new NewVersion(null, null, null, null, null, null, null) { NotRun = true });
        await team.PutAsync<ModelView>($"/api/v1/models/{model.Id}/versions/1/contract", Loans);
        var lines = await File.ReadAllLinesAsync(sample.Predictions, Stop);
        var half = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines[..201]) + "\n");

        var evaluation = await EvaluateAsync(team, model.Id, 1, new NewEvaluation(test, null, null, null) { Predictions = new PredictionsSent(await team.UploadAsync(half, "half.csv"), null, null) });

        evaluation.State.ShouldBe(EvaluationState.Failed);
        var fault = evaluation.Fault.ShouldNotBeNull();
        fault.Code.ShouldBe("models.sent_keys");
        fault.Detail.ShouldContain("Rows without a prediction: 200 (200, 201, 202, 203, 204, …)");
    }

    [Fact]
    public async Task What_cannot_be_is_refused_before_a_job_begins()
    {
        var team = await TestTeam.NewAsync(portal);
        var sample = new Sample("german_credit", "logistic");
        var test = await team.Datasets.AddAsync(team.Ada, team.Project, sample, DatasetRole.Test);
        var model = await team.NewModelAsync("loans");
        (await team.TryPostAsync(team.Ada, $"/api/v1/models/{model.Id}/versions", new NewVersion(null, null, null, null, null, null, null))).Status.ShouldBe(400);
        await team.PostAsync<ModelView>($"/api/v1/models/{model.Id}/versions", new NewVersion(null, null, null, null, null, null, null) { NotRun = true });
        await team.PutAsync<ModelView>($"/api/v1/models/{model.Id}/versions/1/contract", Loans);
        var sent = new PredictionsSent(await team.UploadAsync(await File.ReadAllBytesAsync(sample.Predictions, Stop), "p.csv"), null, null);
        var path = $"/api/v1/models/{model.Id}/versions/1/evaluations";

        foreach (var request in new[]
        {
            new NewEvaluation(test, null, null, null) { Predictions = sent with { KeyColumn = "loan" } },
            new NewEvaluation(test, null, null, null) { Predictions = sent, Sensitive = ["gender"] },
            new NewEvaluation(test, null, null, null) { Predictions = sent, Importance = new ImportanceAsked(1, null) },
            new NewEvaluation(test, null, null, null) { Predictions = sent, Importance = new ImportanceAsked(5, 10) },
        })
            (await team.TryPostAsync(team.Ada, path, request)).Status.ShouldBe(400);
        (await team.TryPostAsync(team.Ada, path, new NewEvaluation(test, null, null, null) { Predictions = sent with { Upload = new Platform.Ids.UploadId(Guid.CreateVersion7()) } })).Status.ShouldBe(404);
        var other = await TestTeam.NewAsync(portal);
        (await other.TryPostAsync(other.Ada, path, new NewEvaluation(test, null, null, null) { Predictions = sent })).Status.ShouldBe(404);
    }

    private static async Task<EvaluationView> EvaluateAsync(TestTeam team, ModelId model, int number, NewEvaluation request)
    {
        var asked = await team.PostAsync<EvaluationView>($"/api/v1/models/{model}/versions/{number}/evaluations", request);
        return await TestTeam.UntilAsync(() => team.GetAsync<EvaluationView>($"/api/v1/evaluations/{asked.Id}"), seen => seen.State != EvaluationState.Running);
    }
}
