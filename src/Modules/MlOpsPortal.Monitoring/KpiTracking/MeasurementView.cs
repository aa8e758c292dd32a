using System.Collections.Immutable;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>How a KPI is measured, as pages and the API show it.</summary>
/// <param name="Version">Number of the definition that counts; goes back as <c>If-Match</c>. 0 while there is none.</param>
/// <param name="Definitions">Oldest first; the last one counts.</param>
/// <param name="Scheduled">New periods are measured by themselves, once a day.</param>
/// <param name="NextLook">When the schedule looks next.</param>
public sealed record MeasurementView(int Version, ImmutableArray<MeasurementDefinition> Definitions, bool Scheduled, DateTimeOffset? NextLook)
{
    internal MeasurementDefinition? Current => Definitions is [.., var last] ? last : null;
}

/// <summary>A definition to be tried.</summary>
/// <param name="Day">A day of the period to try; the first period when not given.</param>
public sealed record TryMeasurement(MeasurementSpec Spec, DateOnly? Day = null);

/// <summary>What a definition gives for one period. Nothing of it is kept.</summary>
/// <param name="NotComputable">Why there is no value.</param>
/// <param name="Elapsed">Milliseconds, staging and starting included.</param>
public sealed record MeasurementTrial(
    DateOnly From, DateOnly To, decimal? Value, decimal? Numerator, decimal? Denominator, string? NotComputable, QueryPreview? NumeratorRows, QueryPreview? DenominatorRows,
    ImmutableArray<TriedInput> Inputs, double Elapsed)
{
    internal static MeasurementTrial Of(Running.Measured measured, Func<FieldFault, string> sentence, TimeSpan took)
    {
        var outcome = measured.Answer.Outcomes[0];
        return new MeasurementTrial(
            outcome.Start, outcome.Date, outcome.Value, outcome.Numerator, outcome.Denominator, outcome.Why is null ? null : sentence(outcome.Why),
            measured.Answer.Numerator, measured.Answer.Denominator,
            [
                .. measured.Inputs.Zip(measured.Answer.Inputs, (input, rows) => new TriedInput(
                    input.Input.Name, input.SourceName, input.Version?.Number, rows.Rows, rows.Sampled, [.. input.Columns.Select(column => new InputColumn(column.Name, column.Type))])),
            ],
            took.TotalMilliseconds);
    }
}

/// <param name="Source">Name of the dataset or endpoint.</param>
/// <param name="Version">Of the dataset; null for predictions.</param>
/// <param name="Rows">Of the whole version, or the predictions of the period.</param>
/// <param name="Sampled">The period has more rows than a trial reads.</param>
public sealed record TriedInput(string Name, string Source, int? Version, long Rows, bool Sampled, ImmutableArray<InputColumn> Columns);

/// <param name="Type">In SQL's words: BIGINT, DOUBLE, BOOLEAN, VARCHAR, DATE, TIMESTAMP.</param>
public sealed record InputColumn(string Name, string Type);

/// <summary>Periods to measure now.</summary>
/// <param name="From">First day; with <paramref name="To"/> left out too: what is due, or the latest settled period again.</param>
/// <param name="To">Last day.</param>
public sealed record RunMeasurement(DateOnly? From = null, DateOnly? To = null);
