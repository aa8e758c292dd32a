using MlOpsPortal.Cli.Mlflow;

namespace MlOpsPortal.Cli.Importing;

public sealed class OriginTests
{
    private const string Parent = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void A_runs_state_is_the_same_in_any_order_and_another_with_any_value()
    {
        var run = new Run { Data = new RunData { Params = [new KeyValue("a", "1"), new KeyValue("b", "2")], Metrics = [new Metric { Key = "loss", Value = 0.5 }, new Metric { Key = "odd", Value = double.NaN }] } };
        var turned = new Run { Data = new RunData { Params = [.. run.Data.Params.Reverse()], Metrics = [.. run.Data.Metrics.Reverse()] } };
        var changed = new Run { Data = run.Data with { Metrics = [new Metric { Key = "loss", Value = 0.4 }, new Metric { Key = "odd", Value = double.NaN }] } };
        var deleted = run with { Info = run.Info with { LifecycleStage = LifecycleStage.Deleted } };

        Origin.StateOf(turned).ShouldBe(Origin.StateOf(run));
        Origin.StateOf(deleted).ShouldBe(Origin.StateOf(run));
        Origin.StateOf(changed).ShouldNotBe(Origin.StateOf(run));
    }

    [Fact]
    public void Two_servers_that_number_alike_do_not_share_experiments() =>
        Origin.Of(new Experiment { ExperimentId = "1", CreationTime = 1 }).ShouldNotBe(Origin.Of(new Experiment { ExperimentId = "1", CreationTime = 2 }));

    [Fact]
    public void Ids_in_tags_become_those_of_the_portal_and_marks_of_imports_are_not_copied()
    {
        var references = new References();
        references.Add(Parent, new TargetRun(new Run { Info = new RunInfo { RunId = "new" } }, isNew: true));

        references.Translate(
        [
            new("mlflow.parentRunId", Parent), new("mlflow.log-model.history", $$"""[{"run_id": "{{Parent}}", "other": "ffffffffffffffffffffffffffffffff"}]"""),
            new("note", Parent), new("mlflow.modelVersions", "[]"), new(Origin.Id, "run/other"),
        ]).ShouldBe(
        [
            new("mlflow.parentRunId", "new"), new("mlflow.log-model.history", """[{"run_id": "new", "other": "ffffffffffffffffffffffffffffffff"}]"""), new("note", Parent),
        ]);
    }
}
