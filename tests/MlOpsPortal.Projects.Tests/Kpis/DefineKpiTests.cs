using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Projects.Tests.Kpis;

public sealed class DefineKpiTests
{
    private readonly Project project = Given.Apply(Given.Project(), Given.Objective(), Given.Ana);

    private ObjectiveId Objective => project.Objectives[0].Id;

    [Fact]
    public void Another_formula_starts_a_new_version_and_another_owner_does_not()
    {
        var defined = Given.Apply(project, Given.Kpi(Objective), Given.Ana);
        var id = defined.Kpis[0].Id;

        Given.Apply(defined, Given.Kpi(Objective) with { Id = id, Owner = "Jon" }, Given.Ana).Kpis[0].Version.ShouldBe(1);
        Given.Apply(defined, Given.Kpi(Objective) with { Id = id, Formula = "visitors ÷ messages opened" }, Given.Ana).Kpis[0].Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(0.15, 0.20, 0.18, 0.15, null)]
    [InlineData(0.20, 0.15, 0.18, 0.15, "target")]
    [InlineData(0.15, 0.20, 0.21, 0.15, "amber")]
    [InlineData(0.15, 0.20, 0.18, 0.19, "red")]
    [InlineData(0.20, 0.20, 0.18, 0.15, "target")]
    public void Thresholds_go_from_target_over_amber_to_red(double baseline, double target, double amber, double red, string? wrong)
    {
        var command = Given.Kpi(Objective) with { Baseline = (decimal)baseline, Target = (decimal)target, Amber = (decimal)amber, Red = (decimal)red };

        var refusal = Given.Decide(project, command, Given.Ana).Refusal as Validation;

        refusal?.Fields[0].Field.ShouldBe(wrong);
        (refusal is null).ShouldBe(wrong is null);
    }

    [Fact]
    public void A_kpi_where_less_is_better_turns_the_order_round()
    {
        var command = Given.Kpi(Objective) with { Direction = KpiDirection.Decrease, Baseline = 10, Target = 5, Amber = 7, Red = 9 };

        Given.Decide(project, command, Given.Ana).IsOk.ShouldBeTrue();
        Given.Decide(project, command with { Amber = 4 }, Given.Ana).IsOk.ShouldBeFalse();
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var command = Given.Kpi(new ObjectiveId(Guid.NewGuid())) with { Name = "", Formula = " ", Owner = new string('x', 201) };

        var fields = Given.Decide(project, command, Given.Ana).Refusal.ShouldBeOfType<Validation>().Fields.Select(fault => fault.Field);

        fields.ShouldBe(["name", "formula", "owner", "objective"], ignoreOrder: true);
    }

    [Fact]
    public void Two_kpis_do_not_share_a_name()
    {
        var defined = Given.Apply(project, Given.Kpi(Objective), Given.Ana);

        var refusal = Given.Decide(defined, Given.Kpi(Objective) with { Name = "VISIT SHARE" }, Given.Ana).Refusal.ShouldBeOfType<Validation>();

        refusal.Fields[0].Code.ShouldBe("projects.kpi_name_taken");
    }

    [Fact]
    public void An_objective_that_a_kpi_serves_stays()
    {
        var defined = Given.Apply(project, Given.Kpi(Objective), Given.Ana);

        Given.Decide(defined, new RemoveObjective(Objective), Given.Ana).Refusal.ShouldBeOfType<Conflict>().Code.ShouldBe("projects.objective_has_kpis");
        Given.Apply(Given.Apply(defined, new RemoveKpi(defined.Kpis[0].Id), Given.Ana), new RemoveObjective(Objective), Given.Ana).Objectives.ShouldBeEmpty();
    }
}
