using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Projects.Kpis;

public readonly record struct KpiId(Guid Value) : IId<KpiId>
{
    public static KpiId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out KpiId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

public enum KpiDirection
{
    Increase,
    Decrease,
}

public enum Cadence
{
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Annual,

    /// <summary>When there is something to say; never overdue.</summary>
    Irregular,
}

/// <summary>A number that says whether the project is worth it; two people who compute it get the same.</summary>
/// <param name="Version">Counts definitions: a changed formula or unit is a new version, and values before it are not compared with values after.</param>
/// <param name="Objective">The objective it serves.</param>
/// <param name="Question">The business question it answers.</param>
/// <param name="Formula">In words: numerator, denominator, what is left out.</param>
/// <param name="Unit">share (0..1), EUR, days…</param>
/// <param name="Amber">Worse than this is to be watched; between red and target.</param>
/// <param name="Red">Worse than this is an alert.</param>
/// <param name="Source">Where values come from, in words.</param>
public sealed record Kpi(
    KpiId Id, int Version, ObjectiveId Objective, string Name, string Question, string Formula, string Unit, KpiDirection Direction,
    decimal Baseline, DateOnly BaselineDate, decimal Target, decimal Amber, decimal Red, string Owner, Cadence Cadence, string Source);
