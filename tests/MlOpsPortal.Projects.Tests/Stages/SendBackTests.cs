using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Tests.Stages;

public sealed class SendBackTests
{
    private static readonly Occasion Incident = new("incident", "0199aaaa000070008000000000000009", "Shoppers got younger");

    [Fact]
    public void Work_sent_back_reopens_a_signed_stage_with_its_occasion_and_leaves_a_task()
    {
        var change = Given.Decide(Signed(), new SendBack(Stage.ModelMonitoring, Stage.BusinessUnderstanding, "Visits fall, the model holds.", Incident), Given.Ana).Required();

        var stage = change.State.StageOf(Stage.BusinessUnderstanding);
        stage.State.ShouldBe(StageState.Open);
        stage.History[^1].Move.ShouldBe(StageMove.Reopen);
        stage.History[^1].Occasion.ShouldBe(Incident);
        change.State.Tasks.ShouldHaveSingleItem().Request.ShouldBe("Visits fall, the model holds.");
        change.Events.Select(happened => happened.Type).ShouldBe(["project.stage_reopened", "project.sent_back"]);
    }

    [Fact]
    public void Development_asks_an_open_stage_for_more_data_without_reopening_it()
    {
        var change = Given.Decide(Signed(), new SendBack(Stage.ModelDevelopment, Stage.DataAcquisition, "Two more years of visits.", null), Given.Ana).Required();

        change.State.StageOf(Stage.DataAcquisition).State.ShouldBe(StageState.Open);
        change.Events.Select(happened => happened.Type).ShouldBe(["project.sent_back"]);
    }

    [Theory]
    [InlineData(Stage.DataAcquisition, Stage.DataAcquisition)]
    [InlineData(Stage.DataAcquisition, Stage.ModelDevelopment)]
    public void Work_goes_back_only(Stage from, Stage to) =>
        Given.Decide(Signed(), new SendBack(from, to, "Please.", null), Given.Ana).Refusal.ShouldBeOfType<Validation>().Fields.ShouldHaveSingleItem().Code.ShouldBe("projects.way_back_order");

    [Fact]
    public void A_stage_that_has_not_begun_gets_its_task_and_stays_closed()
    {
        var after = Given.Apply(Signed(), new SendBack(Stage.ModelMonitoring, Stage.ModelDevelopment, "Retrain.", null), Given.Ana);

        after.StageOf(Stage.ModelDevelopment).State.ShouldBe(StageState.NotStarted);
        after.Tasks.ShouldHaveSingleItem();
    }

    [Fact]
    public void One_incident_sends_back_to_a_stage_once_while_the_task_is_open()
    {
        var command = new SendBack(Stage.ModelMonitoring, Stage.BusinessUnderstanding, "Look again.", Incident);
        var once = Given.Apply(Signed(), command, Given.Ana);

        Given.Decide(once, command, Given.Rui).Refusal!.Code.ShouldBe("projects.sent_back_already");
        var done = Given.Apply(once, new FinishStageTask(once.Tasks[0].Id, "Looked."), Given.Ana);
        Given.Decide(done, command, Given.Rui).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void A_sign_off_ends_what_was_asked_of_the_stage()
    {
        var back = Given.Apply(Signed(), new SendBack(Stage.ModelMonitoring, Stage.BusinessUnderstanding, "Look again.", null), Given.Rui);

        var signed = Given.Apply(back, new SignOffStage(Stage.BusinessUnderstanding, "The goal is visits and online sales.", [], []), Given.Rui);

        signed.Tasks.ShouldHaveSingleItem().End.ShouldNotBeNull().BySignOff.ShouldBeTrue();
    }

    [Fact]
    public void A_task_waits_for_everyone_of_the_stage_until_somebody_takes_it()
    {
        var back = Given.Apply(Signed(), new SendBack(Stage.ModelDevelopment, Stage.DataAcquisition, "More data.", null), Given.Ana);
        var taken = Given.Apply(back, new TakeStageTask(back.Tasks[0].Id), Given.Rui);
        HashSet<Role> engineer = [Role.DataEngineer];

        StageTaskWork.WaitsFor(back.Tasks[0], Given.Ana.User, engineer).ShouldBeTrue();
        StageTaskWork.WaitsFor(back.Tasks[0], Given.Ana.User, new HashSet<Role> { Role.Viewer }).ShouldBeFalse();
        StageTaskWork.WaitsFor(taken.Tasks[0], Given.Ana.User, engineer).ShouldBeFalse();
        StageTaskWork.WaitsFor(taken.Tasks[0], Given.Rui.User, new HashSet<Role>()).ShouldBeTrue();
    }

    [Fact]
    public void A_task_is_finished_once_and_with_a_note()
    {
        var back = Given.Apply(Signed(), new SendBack(Stage.ModelDevelopment, Stage.DataAcquisition, "More data.", null), Given.Ana);
        var task = back.Tasks[0].Id;

        Given.Decide(back, new FinishStageTask(task, " "), Given.Rui).Refusal.ShouldBeOfType<Validation>();
        var done = Given.Apply(back, new FinishStageTask(task, "Version 3 holds them."), Given.Rui);
        Given.Decide(done, new TakeStageTask(task), Given.Ana).Refusal!.Code.ShouldBe("projects.task_done");
    }

    private static Project Signed() => Given.Apply(Given.CompleteProject(), new SignOffStage(Stage.BusinessUnderstanding, "Agreed.", [], []), Given.Rui);
}
