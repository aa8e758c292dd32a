using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>One version of how it is measured. Values of different versions are never joined by a line.</summary>
/// <param name="Number">From 1.</param>
/// <param name="KpiVersion">Of the KPI's definition in words that it was written for.</param>
public sealed record MeasurementDefinition(int Number, int KpiVersion, MeasurementSpec Spec, UserId By, string ByName, DateTimeOffset At);

/// <summary>What is computed from what, for which periods.</summary>
/// <param name="Numerator">One query (SELECT) over the inputs by their names, giving one row with one number. May use <c>$from</c> and <c>$to</c>, the period's bounds.</param>
/// <param name="Denominator">Likewise; null when the numerator is the value itself.</param>
/// <param name="Grain">Length of a period.</param>
/// <param name="First">First day of the first period, UTC: weeks begin on its weekday, months on the 1st.</param>
/// <param name="SettleDays">Days after a period's end until its outcomes are known; it is not measured before.</param>
public sealed record MeasurementSpec(
    string Numerator, string? Denominator, ImmutableArray<MeasurementInput> Inputs, PeriodGrain Grain, DateOnly First, int SettleDays = 0)
{
    /// <summary>Equal in what it computes: records compare arrays by reference.</summary>
    public bool Same(MeasurementSpec other) => this with { Inputs = other.Inputs } == other && Inputs.SequenceEqual(other.Inputs);
}

/// <summary>Data under a name: a dataset, or an endpoint's predictions joined with their actuals. Exactly one of both.</summary>
/// <param name="Name">As the SQL calls it: letters, digits and underscores.</param>
/// <param name="Version">Of the dataset; null for the latest that is ready when it is measured.</param>
/// <param name="DateColumn">The SQL sees only rows whose value lies in the period; null for all rows. Predictions always go by <c>occurred_at</c>.</param>
public sealed record MeasurementInput(string Name, DatasetId? Dataset = null, int? Version = null, DeploymentId? Endpoint = null, string? DateColumn = null);
