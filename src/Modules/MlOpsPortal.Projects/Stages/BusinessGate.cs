using System.Collections.Immutable;
using System.Globalization;

namespace MlOpsPortal.Projects.Stages;

/// <summary>The checklist of stage 1, from the project itself.</summary>
public static class BusinessGate
{
    public static ImmutableArray<GateCheck> Check(Project project)
    {
        var without = project.Objectives.Where(objective => project.Kpis.All(kpi => kpi.Objective != objective.Id)).ToList();
        var link = $"projects/{project.Id}/business";
        return
        [
            new("gate.problem", project.Problem is not null, project.Problem?.Statement, link),
            new("gate.objective", project.Objectives.Length > 0, Count(project.Objectives.Length), link),
            new("gate.kpi", project.Objectives.Length > 0 && without.Count == 0, without.Count == 0 ? Count(project.Kpis.Length) : without[0].Title, link),
            new("gate.suitability", project.Suitability is { Decision: not Suitability.SuitabilityDecision.Stop }, project.Suitability?.Decision.ToString(), link),
            new("gate.heuristic", !string.IsNullOrEmpty(project.Suitability?.Heuristic), project.Suitability?.Heuristic, link),
            new("gate.error_costs", project.Suitability is { CostOfFalsePositive: > 0 } or { CostOfFalseNegative: > 0 }, Costs(project), link),
            new("gate.ml_problem", project.MlProblem is not null, project.MlProblem?.Target, link),
        ];
    }

    private static string? Count(int count) => count == 0 ? null : count.ToString(CultureInfo.InvariantCulture);

    private static string? Costs(Project project) => project.Suitability is { } review
        ? string.Create(CultureInfo.InvariantCulture, $"{review.CostOfFalsePositive} : {review.CostOfFalseNegative} {review.Currency}")
        : null;
}
