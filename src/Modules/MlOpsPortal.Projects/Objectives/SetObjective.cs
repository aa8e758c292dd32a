using System.Collections.Immutable;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects.Objectives;

/// <summary>Adds an objective with its key results, or changes the one with the given id.</summary>
public sealed record SetObjective(
    ObjectiveId? Id, string Title, string? Description, ObjectiveType Type, DateOnly Start, DateOnly End, ImmutableArray<KeyResult> KeyResults) : BusinessCommand
{
    private const int MostObjectives = 20;
    private const int MostKeyResults = 5;

    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        var before = Id is null ? null : project.Objectives.FirstOrDefault(objective => objective.Id == Id);
        if (Id is not null && before is null)
            return new NotFound();
        Check(project, faults);
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = new Objective(before?.Id ?? new ObjectiveId(facts.NewId()), Title.Trim(), Description?.Trim() ?? "", Type, Start, End, KeyResults);
        var objectives = before is null ? project.Objectives.Add(after) : project.Objectives.Replace(before, after);
        return Change.To(project with { Objectives = objectives }, new ObjectiveSet(before, after));
    }

    private void Check(Project project, Faults faults)
    {
        faults.Text("title", Title, 200).OptionalText("description", Description, 2000)
            .When(End <= Start, "end", "projects.period")
            .When(KeyResults.IsDefaultOrEmpty || KeyResults.Length > MostKeyResults, "keyResults", "projects.key_results_count")
            .When(Id is null && project.Objectives.Length >= MostObjectives, "title", "projects.too_many_objectives")
            .When(project.Objectives.Any(other => other.Id != Id && string.Equals(other.Title, Title?.Trim(), StringComparison.OrdinalIgnoreCase)), "title", "projects.objective_title_taken");
        if (KeyResults.IsDefault)
            return;
        foreach (var (result, at) in KeyResults.Select((result, at) => (result, at)))
            faults.Text($"keyResults[{at}].title", result.Title, 200).Text($"keyResults[{at}].unit", result.Unit, 50)
                .When(result.Start == result.Target, $"keyResults[{at}].target", "projects.start_is_target");
    }
}

/// <summary>Takes an objective away. One that KPIs serve stays until they are gone.</summary>
public sealed record RemoveObjective(ObjectiveId Id) : BusinessCommand
{
    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        var before = project.Objectives.FirstOrDefault(objective => objective.Id == Id);
        if (before is null)
            return new NotFound();
        if (project.Kpis.Any(kpi => kpi.Objective == Id))
            return new Conflict("projects.objective_has_kpis", before.Title);
        return Change.To(project with { Objectives = project.Objectives.Remove(before) }, new ObjectiveRemoved(before));
    }
}
