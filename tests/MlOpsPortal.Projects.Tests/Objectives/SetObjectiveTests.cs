using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Projects.Tests.Objectives;

public sealed class SetObjectiveTests
{
    [Fact]
    public void Start_and_target_of_a_key_result_differ()
    {
        var command = Given.Objective() with { KeyResults = [new KeyResult("Visit share", "share", 0.2m, 0.2m)] };

        Given.Decide(Given.Project(), command, Given.Ana).Refusal.ShouldBeOfType<Validation>().Fields[0].Field.ShouldBe("keyResults[0].target");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void An_objective_has_one_to_five_key_results(int count)
    {
        var command = Given.Objective() with { KeyResults = [.. Enumerable.Range(0, count).Select(at => new KeyResult($"KR {at}", "share", 0, 1))] };

        Given.Decide(Given.Project(), command, Given.Ana).Refusal.ShouldBeOfType<Validation>().Fields.ShouldContain(fault => fault.Field == "keyResults");
    }

    [Fact]
    public void Changing_an_objective_keeps_its_id()
    {
        var project = Given.Apply(Given.Project(), Given.Objective(), Given.Ana);
        var id = project.Objectives[0].Id;

        var changed = Given.Apply(project, Given.Objective() with { Id = id, Title = "Shoppers come for their local offers" }, Given.Ana);

        changed.Objectives.ShouldHaveSingleItem().Id.ShouldBe(id);
    }

    [Fact]
    public void An_objective_that_is_not_there_is_not_changed() =>
        Given.Decide(Given.Project(), Given.Objective() with { Id = new ObjectiveId(Guid.NewGuid()) }, Given.Ana).Refusal.ShouldBeOfType<NotFound>();
}
