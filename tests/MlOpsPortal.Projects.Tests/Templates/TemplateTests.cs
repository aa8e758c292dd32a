using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Kpis.Values;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Templates;

namespace MlOpsPortal.Projects.Tests.Templates;

public sealed class TemplateTests
{
    /// <summary>An example that its own form would refuse could be saved by nobody.</summary>
    [Theory]
    [InlineData(ProjectTemplate.Retail)]
    [InlineData(ProjectTemplate.Churn)]
    [InlineData(ProjectTemplate.Demand)]
    public void What_a_template_fills_in_can_be_saved_as_it_is(ProjectTemplate template)
    {
        var project = Given.Apply(null, new CreateProject(new ProjectId(Guid.CreateVersion7(Given.Now)), "New", "One more", template), Given.Ana);
        var objective = project.Objectives[0];

        var saved = Given.Apply(
            project, new SetObjective(objective.Id, objective.Title, objective.Description, objective.Type, objective.Start, objective.End, objective.KeyResults), Given.Ana);
        foreach (var kpi in project.Kpis)
            saved = Given.Apply(
                saved, new DefineKpi(kpi.Id, kpi.Objective, kpi.Name, kpi.Question, kpi.Formula, kpi.Unit, kpi.Direction, kpi.Baseline, kpi.BaselineDate, kpi.Target, kpi.Amber, kpi.Red, kpi.Owner, kpi.Cadence, kpi.Source),
                Given.Ana);

        saved.Objectives[0].KeyResults.ShouldBe(objective.KeyResults);
        saved.Kpis.ShouldBe(project.Kpis);
        saved.Kpis.ShouldAllBe(kpi => kpi.Owner == Given.Ana.Name);
    }

    [Theory]
    [InlineData(KpiDirection.Increase, 0.20, KpiState.OnTarget)]
    [InlineData(KpiDirection.Increase, 0.19, KpiState.Steady)]
    [InlineData(KpiDirection.Increase, 0.18, KpiState.Steady)]
    [InlineData(KpiDirection.Increase, 0.1799, KpiState.Watch)]
    [InlineData(KpiDirection.Increase, 0.15, KpiState.Watch)]
    [InlineData(KpiDirection.Increase, 0.1499, KpiState.Alert)]
    [InlineData(KpiDirection.Decrease, -0.20, KpiState.OnTarget)]
    [InlineData(KpiDirection.Decrease, -0.14, KpiState.Alert)]
    public void A_value_on_a_threshold_is_on_its_better_side(KpiDirection direction, double value, KpiState expected)
    {
        var kpi = Given.CompleteProject().Kpis[0];
        if (direction == KpiDirection.Decrease)
            kpi = kpi with { Direction = direction, Target = -kpi.Target, Amber = -kpi.Amber, Red = -kpi.Red };

        KpiStanding.StateOf(kpi, (decimal)value).ShouldBe(expected);
        KpiStanding.StateOf(kpi, null).ShouldBe(KpiState.Unknown);
    }

    [Fact]
    public void Weights_are_guarded_and_marks_go_one_way()
    {
        var command = Given.Objective() with
        {
            KeyResults =
            [
                new KeyResult("A", "x", 0, 1) { Weight = -1 }, new KeyResult("B", "x", 0, 50) { Type = KeyResultType.Zones, Commit = 60, Stretch = 100 },
                new KeyResult("C", "x") { Type = KeyResultType.Maintain }, new KeyResult("D", "x", 1, 1),
            ],
        };

        Given.Decide(Given.Project(), command, Given.Ana).Refusal.ShouldBeOfType<Validation>().Fields.Select(fault => fault.Field)
            .ShouldBe(["keyResults[0].weight", "keyResults[1].stretch", "keyResults[2].lower", "keyResults[3].target"]);
    }
}
