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
        var after = new Objective(before?.Id ?? new ObjectiveId(facts.NewId()), Title.Trim(), Description?.Trim() ?? "", Type, Start, End, Identified(before, facts));
        var objectives = before is null ? project.Objectives.Add(after) : project.Objectives.Replace(before, after);
        return Change.To(project with { Objectives = objectives }, new ObjectiveSet(before, after));
    }

    /// <summary>A key result keeps its id, and with it its check-ins: by the id that was sent, else by its title.</summary>
    private ImmutableArray<KeyResult> Identified(Objective? before, Facts facts)
    {
        var known = before?.KeyResults ?? [];
        return [.. KeyResults.Select(result => result with
        {
            Title = result.Title.Trim(),
            Unit = result.Unit.Trim(),
            Owner = string.IsNullOrWhiteSpace(result.Owner) ? null : result.Owner.Trim(),
            Id = Known(known, result)?.Id ?? new KeyResultId(facts.NewId()),
        })];
    }

    private static KeyResult? Known(ImmutableArray<KeyResult> known, KeyResult result) => result.Id != default
        ? known.FirstOrDefault(one => one.Id == result.Id)
        : known.FirstOrDefault(one => string.Equals(one.Title, result.Title.Trim(), StringComparison.OrdinalIgnoreCase));

    private void Check(Project project, Faults faults)
    {
        faults.Text("title", Title, 200).OptionalText("description", Description, 2000)
            .When(End <= Start, "end", "projects.period")
            .When(KeyResults.IsDefaultOrEmpty || KeyResults.Length > MostKeyResults, "keyResults", "projects.key_results_count")
            .When(Id is null && project.Objectives.Length >= MostObjectives, "title", "projects.too_many_objectives")
            .When(project.Objectives.Any(other => other.Id != Id && string.Equals(other.Title, Title?.Trim(), StringComparison.OrdinalIgnoreCase)), "title", "projects.objective_title_taken");
        if (KeyResults.IsDefault)
            return;
        faults.When(KeyResults.Where(result => result.Id != default).GroupBy(result => result.Id).Any(group => group.Count() > 1), "keyResults", "projects.key_result_twice")
            .When(KeyResults.GroupBy(result => result.Title?.Trim(), StringComparer.OrdinalIgnoreCase).Any(group => group.Count() > 1), "keyResults", "projects.key_result_twice");
        foreach (var (result, at) in KeyResults.Select((result, at) => (result, at)))
            KeyResultRules.Check(faults, $"keyResults[{at}]", result);
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
