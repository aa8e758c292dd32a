using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Tests.Stages;

public sealed class SignOffTests
{
    private static readonly SignOffStage SignOff = new(Stage.BusinessUnderstanding, "Read and agreed.", [], []);

    [Fact]
    public void A_person_who_did_not_write_it_signs_off_and_the_next_stage_opens()
    {
        var change = Given.Decide(Given.CompleteProject(), SignOff, Given.Rui).Required();

        change.State.StageOf(Stage.BusinessUnderstanding).State.ShouldBe(StageState.SignedOff);
        change.State.StageOf(Stage.DataAcquisition).State.ShouldBe(StageState.Open);
        change.Events.Select(happened => happened.Type).ShouldBe(["project.stage_signed_off", "project.stage_opened"]);
        var signature = change.State.StageOf(Stage.BusinessUnderstanding).History.ShouldHaveSingleItem();
        signature.ByName.ShouldBe("Rui Costa");
        signature.Evidence.ShouldAllBe(check => check.Met);
    }

    [Fact]
    public void An_author_does_not_sign_her_own_work() =>
        Given.Decide(Given.CompleteProject(), SignOff, Given.Ana).Refusal.ShouldBeOfType<Forbidden>().Code.ShouldBe("projects.author_signs");

    [Fact]
    public void A_stage_with_an_open_check_is_not_signed_off()
    {
        var project = Given.CompleteProject() with { MlProblem = null };

        var refusal = Given.Decide(project, SignOff, Given.Rui).Refusal.ShouldBeOfType<Conflict>();

        refusal.Code.ShouldBe("projects.checks_open");
        refusal.Args.ShouldBe(["1", "gate.ml_problem"]);
    }

    [Fact]
    public void A_stage_that_no_module_can_judge_is_not_signed_off()
    {
        var project = Given.Apply(Given.CompleteProject(), SignOff, Given.Rui);

        Given.Decide(project, SignOff with { Stage = Stage.DataAcquisition }, Given.Rui).Refusal!.Code.ShouldBe("projects.checks_open");
    }

    [Fact]
    public void An_author_of_the_evidence_does_not_sign()
    {
        var project = Given.Apply(Given.CompleteProject(), SignOff, Given.Rui);
        var command = new SignOffStage(Stage.DataAcquisition, "Fine.", [new GateCheck("gate.x", true, null, null)], [Given.Rui.User]);

        Given.Decide(project, command, Given.Rui).Refusal!.Code.ShouldBe("projects.author_signs");
        Given.Decide(project, command, Given.Ana).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void What_was_signed_is_changed_only_after_reopening_with_a_reason()
    {
        var signed = Given.Apply(Given.CompleteProject(), SignOff, Given.Rui);
        Given.Decide(signed, Given.Problem(), Given.Ana).Refusal!.Code.ShouldBe("projects.stage_signed_off");
        Given.Decide(signed, new ReopenStage(Stage.BusinessUnderstanding, " "), Given.Ana).Refusal.ShouldBeOfType<Validation>();

        var reopened = Given.Apply(signed, new ReopenStage(Stage.BusinessUnderstanding, "Shoppers moved online."), Given.Ana);

        Given.Decide(reopened, Given.Problem(), Given.Ana).IsOk.ShouldBeTrue();
        reopened.StageOf(Stage.BusinessUnderstanding).History.Length.ShouldBe(2);
    }

    [Fact]
    public void A_stage_that_is_not_open_is_not_signed_off() =>
        Given.Decide(Given.CompleteProject(), SignOff with { Stage = Stage.ModelDeployment }, Given.Rui).Refusal!.Code.ShouldBe("projects.stage_move");

    [Theory]
    [InlineData(StageState.NotStarted, StageMove.SignOff)]
    [InlineData(StageState.NotStarted, StageMove.Reopen)]
    [InlineData(StageState.Open, StageMove.Open)]
    [InlineData(StageState.Open, StageMove.Reopen)]
    [InlineData(StageState.SignedOff, StageMove.Open)]
    [InlineData(StageState.SignedOff, StageMove.SignOff)]
    public void Every_other_move_is_illegal(StageState from, StageMove move) => StageLifecycle.Next(from, move).ShouldBeNull();

    [Fact]
    public void A_review_that_says_stop_keeps_the_gate_shut()
    {
        var stop = Given.Suitability() with { Decision = Projects.Suitability.SuitabilityDecision.Stop };
        var project = Given.Apply(Given.CompleteProject(), stop, Given.Ana);

        BusinessGate.Check(project).Single(check => check.Code == "gate.suitability").Met.ShouldBeFalse();
    }

    [Fact]
    public void A_command_on_nothing_finds_nothing() => Given.Decide(null, new StateProblem("x", null, null, "y", null, null, null), Given.Ana).Refusal.ShouldBeOfType<NotFound>();
}
