using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects.Everyone;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Tests.Everyone;

/// <summary>What a stage's checklist asks of whom, and projects that were put away.</summary>
public sealed class ProjectWorkTests
{
    private static readonly GateCheck Met = new("gate.problem", true, null, null), Open = Met with { Met = false };

    [Fact]
    public void A_complete_checklist_waits_for_who_may_sign()
    {
        var item = Item([Met, Met], maySign: true, mayEdit: true).ShouldNotBeNull();
        (item.Kind, item.Title, item.Detail).ShouldBe((WorkKind.SignOff, "Sign off business understanding", "all 2 checks are met"));
        item.Href.ShouldEndWith("/business");
    }

    [Fact]
    public void Who_wrote_it_has_nothing_more_to_do() => Item([Met], maySign: false, mayEdit: true).ShouldBeNull();

    [Fact]
    public void An_incomplete_checklist_waits_for_who_can_go_on() =>
        Item([Met, Open], maySign: true, mayEdit: true).ShouldNotBeNull().ShouldSatisfyAllConditions(
            item => item.Kind.ShouldBe(WorkKind.Task), item => item.Detail.ShouldBe("1 of 2 checks are open"), item => item.Urgency.ShouldBe(WorkUrgency.Low));

    [Fact]
    public void A_checklist_without_checks_asks_nobody() => Item([], maySign: true, mayEdit: true).ShouldBeNull();

    [Fact]
    public void A_project_comes_back_once()
    {
        var facts = new Platform.Aggregates.Facts(Given.Ana, Given.Now);
        var archived = new ArchiveProject("not now").Decide(Given.Project(), facts).Required().State;
        var restored = new RestoreProject().Decide(archived, facts).Required();
        restored.State.ArchivedAt.ShouldBeNull();
        restored.Events.ShouldHaveSingleItem().ShouldBeOfType<ProjectRestored>();
        new RestoreProject().Decide(restored.State, facts).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("archive.not_archived");
        new RestoreProject().Decide(null, facts).Refusal.ShouldBeOfType<NotFound>();
    }

    private static WorkItem? Item(GateCheck[] checks, bool maySign, bool mayEdit) => ProjectWork.Item(Given.Project(), Stage.BusinessUnderstanding, checks, Given.Now, maySign, mayEdit);
}
