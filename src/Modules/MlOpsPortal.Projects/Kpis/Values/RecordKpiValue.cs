using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Ledger;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary>A value that somebody declares.</summary>
/// <param name="Note">Where it comes from, what stands behind it; needed over a measured value.</param>
public sealed record RecordKpiValue(DateOnly Date, decimal Value, string? Note = null)
{
    /// <param name="before">What holds for the date now.</param>
    /// <param name="mayOverwrite">Did the caller say that the date's value is to be replaced?</param>
    internal Result<KpiValueRow> Decide(Kpi kpi, KpiValueRow? before, bool mayOverwrite, DateTimeOffset now)
    {
        var faults = new Faults().PastDate("date", Date, now).Measure("value", Value).OptionalText("note", Note, 2000)
            .When(mayOverwrite && before is { Source: ValueSource.Measured } && string.IsNullOrWhiteSpace(Note), "note", "projects.measured_needs_reason");
        if (faults.Refusal is { } refusal)
            return refusal;
        if (before is not null && !mayOverwrite)
            return ProjectsErrors.ValueThere(Date, before.Value);
        return new KpiValueRow { KpiVersion = kpi.Version, Value = Value, Source = ValueSource.Declared, Note = Note?.Trim() ?? "" };
    }
}

/// <summary>Values that the portal measured.</summary>
internal static class MeasuredKpiValue
{
    private const decimal Largest = 1_000_000_000_000_000m;
    private const decimal Smallest = 0.000_000_000_1m;

    public static Result<KpiValueRow> Decide(Kpi kpi, KpiMeasurement measurement, DateTimeOffset now)
    {
        var evidence = measurement.Evidence;
        var faults = new Faults().PastDate("date", measurement.Date, now).OptionalText("note", measurement.Note, 2000)
            .When(evidence.Denominator == 0, "denominator", "projects.denominator_zero")
            .When(Math.Abs(evidence.Numerator) > Largest || evidence.Denominator is { } denominator && denominator != 0 && Math.Abs(denominator) < Smallest, "numerator", "projects.number_range");
        if (faults.Refusal is { } refusal)
            return refusal;
        var value = evidence.Numerator / (evidence.Denominator ?? 1);
        if (faults.Measure("value", decimal.Round(value, 10)).Refusal is { } tooLarge)
            return tooLarge;
        return new KpiValueRow
        {
            KpiVersion = kpi.Version,
            Value = value,
            Source = ValueSource.Measured,
            Note = measurement.Note.Trim(),
            Numerator = evidence.Numerator,
            Denominator = evidence.Denominator,
            Inputs = JsonSerializer.Serialize(evidence.Inputs, PortalJson.Options),
            Run = evidence.Run,
        };
    }

    /// <summary>Says the next revision anything that the present one does not? A run that finds the same adds nothing.</summary>
    public static bool Differs(KpiValueRow? before, KpiValueRow after) =>
        before is null || before.Source != ValueSource.Measured || before.Value != after.Value || before.KpiVersion != after.KpiVersion
        || before.Numerator != after.Numerator || before.Denominator != after.Denominator
        || !KpiValues.View(before).Evidence!.Inputs.SequenceEqual(KpiValues.View(after).Evidence!.Inputs); // measured rows carry evidence
}
