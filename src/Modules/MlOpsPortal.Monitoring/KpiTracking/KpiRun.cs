using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.KpiTracking;

public enum KpiRunTrigger
{
    Schedule,
    RunNow,

    /// <summary>Periods that somebody named.</summary>
    Backfill,
}

public enum KpiRunState
{
    UnderWay,
    Done,
    Failed,
}

/// <summary>One run of a measurement, over one or more periods.</summary>
/// <param name="Id">Its job's id too.</param>
/// <param name="From">First day of the first period.</param>
/// <param name="To">Last day of the last period.</param>
/// <param name="Inputs">What was read; empty while it is under way.</param>
/// <param name="Fault">Why it failed as a whole, as a sentence.</param>
public sealed record KpiRun(
    KpiRunId Id, int Definition, KpiRunTrigger Trigger, KpiRunState State, DateOnly From, DateOnly To, ImmutableArray<UsedInput> Inputs, ImmutableArray<PeriodOutcome> Outcomes,
    string? Fault, string ByName, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public int Values => Outcomes.Count(outcome => outcome.Value is not null);
}

/// <summary>Exactly which data a run read.</summary>
/// <param name="Version">The dataset's version; null for predictions.</param>
/// <param name="Rows">All rows of the version, or the predictions of the periods.</param>
/// <param name="WithActual">Of predictions: how many have an actual.</param>
/// <param name="ModelVersions">Of predictions: the numbers of the versions that answered.</param>
public sealed record UsedInput(string Name, DatasetId? Dataset, int? Version, DeploymentId? Endpoint, long Rows, long? WithActual, ImmutableArray<int> ModelVersions);

/// <summary>What a period came to.</summary>
/// <param name="Value">Null when it could not be computed.</param>
/// <param name="Why">Then: why not; the sentence is found by its code.</param>
public sealed record PeriodOutcome(DateOnly Start, DateOnly End, decimal? Numerator, decimal? Denominator, decimal? Value, FieldFault? Why)
{
    /// <summary>The value's date in the KPI's series: the period's last day.</summary>
    public DateOnly Date => End.AddDays(-1);

    internal static PeriodOutcome Of(Period period, Reading numerator, Reading? denominator)
    {
        var why = numerator.Why ?? denominator?.Why;
        if (why is null && denominator?.Value == 0)
            why = new FieldFault("denominator", "monitoring.kpi_denominator_zero");
        return new PeriodOutcome(period.Start, period.End, numerator.Value, denominator?.Value, why is null ? Quotient(numerator.Value, denominator?.Value) : null, why);
    }

    private static decimal? Quotient(decimal? numerator, decimal? denominator) => numerator / (denominator ?? 1);
}

/// <summary>What one query gave for one period: a number, or why there is none.</summary>
internal sealed record Reading(decimal? Value, FieldFault? Why);
