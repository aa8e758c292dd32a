using System.Collections.Immutable;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Projects.Templates;

/// <summary>What a new project starts with. A template fills stage 1 with an example to edit, nothing else.</summary>
public enum ProjectTemplate
{
    Blank,
    Retail,
    Churn,
    Demand,
}

/// <summary>A template's text.</summary>
/// <param name="Summary">Of the project, when none is given.</param>
/// <param name="KeyResults">Of its one objective.</param>
/// <param name="Kpis">The lagging one first, then what shows earlier where it is heading. Owner and dates are filled in.</param>
internal sealed record TemplateText(
    string Summary, ProblemStatement Problem, string Objective, string Description, ImmutableArray<KeyResult> KeyResults, ImmutableArray<Kpi> Kpis, MlProblem MlProblem)
{
    private const int Months = 6;

    /// <summary>The project with the example in it, for the half year from today; its creator owns the KPIs.</summary>
    public Project Fill(Project project, Facts facts)
    {
        var today = DateOnly.FromDateTime(facts.Now.UtcDateTime);
        var objective = new Objective(
            new ObjectiveId(facts.NewId()), Objective, Description, ObjectiveType.Aspirational, today, today.AddMonths(Months),
            [.. KeyResults.Select(result => result with { Id = new KeyResultId(facts.NewId()) })]);
        var owner = facts.Caller.Name.Length > 0 ? facts.Caller.Name : "not named yet";
        return project with
        {
            Problem = Problem,
            Objectives = [objective],
            Kpis = [.. Kpis.Select(kpi => kpi with { Id = new KpiId(facts.NewId()), Objective = objective.Id, BaselineDate = today, Owner = owner })],
            MlProblem = MlProblem,
        };
    }
}
