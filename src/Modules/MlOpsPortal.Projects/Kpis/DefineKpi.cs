using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Projects.Kpis;

/// <summary>Defines a KPI, or redefines the one with the given id. Another formula or unit starts a new version.</summary>
public sealed record DefineKpi(
    KpiId? Id, ObjectiveId Objective, string Name, string? Question, string Formula, string Unit, KpiDirection Direction,
    decimal Baseline, DateOnly BaselineDate, decimal Target, decimal Amber, decimal Red, string Owner, Cadence Cadence, string? Source) : BusinessCommand
{
    private const int MostKpis = 50;

    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        var before = Id is null ? null : project.Kpis.FirstOrDefault(kpi => kpi.Id == Id);
        if (Id is not null && before is null)
            return new NotFound();
        Check(project, faults);
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = new Kpi(
            before?.Id ?? new KpiId(facts.NewId()), 1, Objective, Name.Trim(), Question?.Trim() ?? "", Formula.Trim(), Unit.Trim(), Direction,
            Baseline, BaselineDate, Target, Amber, Red, Owner.Trim(), Cadence, Source?.Trim() ?? "");
        if (before is not null)
            after = after with { Version = before.Formula == after.Formula && before.Unit == after.Unit ? before.Version : before.Version + 1 };
        var kpis = before is null ? project.Kpis.Add(after) : project.Kpis.Replace(before, after);
        return Change.To(project with { Kpis = kpis }, new KpiDefined(before, after));
    }

    private void Check(Project project, Faults faults)
    {
        var worse = Direction == KpiDirection.Increase ? -1 : 1;
        faults.Text("name", Name, 200).OptionalText("question", Question, 1000).Text("formula", Formula, 2000).Text("unit", Unit, 50)
            .Text("owner", Owner, 200).OptionalText("source", Source, 500)
            .When(project.Objectives.All(objective => objective.Id != Objective), "objective", "projects.no_such_objective")
            .When(project.Kpis.Any(other => other.Id != Id && string.Equals(other.Name, Name?.Trim(), StringComparison.OrdinalIgnoreCase)), "name", "projects.kpi_name_taken")
            .When(Id is null && project.Kpis.Length >= MostKpis, "name", "projects.too_many_kpis")
            .When(Baseline == Target, "target", "projects.start_is_target")
            .When(Math.Sign(Target - Baseline) == worse, "target", "projects.target_against_direction")
            .When(Math.Sign(Amber - Target) == -worse, "amber", "projects.threshold_order")
            .When(Math.Sign(Red - Amber) == -worse, "red", "projects.threshold_order");
    }
}

/// <summary>Takes a KPI away.</summary>
public sealed record RemoveKpi(KpiId Id) : BusinessCommand
{
    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        var before = project.Kpis.FirstOrDefault(kpi => kpi.Id == Id);
        return before is null ? new NotFound() : Change.To(project with { Kpis = project.Kpis.Remove(before) }, new KpiRemoved(before));
    }
}
