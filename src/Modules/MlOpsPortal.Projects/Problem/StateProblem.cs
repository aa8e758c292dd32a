using System.Collections.Immutable;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Projects.Problem;

/// <summary>What hurts whom, how it is dealt with today, and what solving it is worth.</summary>
/// <param name="Stakeholders">People or groups, by name.</param>
/// <param name="PlannedValue">Per year, in <paramref name="Currency"/>; null while nobody dares a number.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record ProblemStatement(
    string Statement, string Affected, string Today, string Value, ImmutableArray<string> Stakeholders, decimal? PlannedValue, string? Currency);

/// <summary>States the problem, or states it anew.</summary>
public sealed record StateProblem(
    string Statement, string? Affected, string? Today, string? Value, ImmutableArray<string>? Stakeholders, decimal? PlannedValue, string? Currency) : BusinessCommand
{
    protected override Result<Change<Project>> Decide(Project project, Facts facts, Faults faults)
    {
        faults.Text("statement", Statement, 4000).OptionalText("affected", Affected, 1000).OptionalText("today", Today, 2000).Text("value", Value, 2000)
            .When(PlannedValue < 0, "plannedValue", "projects.negative")
            .When(PlannedValue is not null && Currency is not { Length: 3 }, "currency", "projects.currency")
            .When(Stakeholders is { } people && (people.Length > 50 || people.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > 200)), "stakeholders", "projects.stakeholders");
        if (faults.Refusal is { } refusal)
            return refusal;
        var after = new ProblemStatement(Statement.Trim(), Affected?.Trim() ?? "", Today?.Trim() ?? "", Value!.Trim(), Stakeholders ?? [], PlannedValue, Currency?.ToUpperInvariant());
        return Change.To(project with { Problem = after }, new ProblemStated(project.Problem, after));
    }
}
