using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary>How a value came to be. The two are told apart wherever a value is shown.</summary>
public enum ValueSource
{
    /// <summary>A person typed it, or a program sent it for her.</summary>
    Declared,

    /// <summary>The portal computed it from named data.</summary>
    Measured,
}

/// <summary>A KPI's value for a date.</summary>
/// <param name="KpiVersion">The definition it was recorded under.</param>
/// <param name="Revision">Counts what was said about this date, from 1; goes back as <c>If-Match</c>.</param>
/// <param name="Withdrawn">Taken back: it stands in the history only.</param>
/// <param name="Evidence">What a measured value was computed from; null for a declared one.</param>
public sealed record KpiValue(
    DateOnly Date, decimal Value, ValueSource Source, string Note, int KpiVersion, UserId Author, string AuthorName, DateTimeOffset RecordedAt, int Revision, bool Withdrawn,
    KpiEvidence? Evidence);

/// <summary>What a measured value rests on.</summary>
/// <param name="Denominator">Null when the KPI is no ratio: then the numerator is the value.</param>
/// <param name="Run">The run (a job) that computed it.</param>
public sealed record KpiEvidence(decimal Numerator, decimal? Denominator, ImmutableArray<KpiInput> Inputs, Guid Run);

/// <summary>Data that a measurement read.</summary>
/// <param name="Name">As the measurement's SQL calls it.</param>
/// <param name="Version">Of what exactly: a dataset's version, an endpoint's model versions.</param>
/// <param name="Rows">How many of its rows counted.</param>
public sealed record KpiInput(string Name, string Version, long Rows);

/// <summary>One measured value on its way in.</summary>
public sealed record KpiMeasurement(DateOnly Date, KpiEvidence Evidence, string Note = "");

/// <summary>A KPI with what is known of its values, by date.</summary>
public sealed record KpiSeries(Kpi Kpi, ImmutableArray<KpiValue> Values)
{
    /// <summary>Null before the first value.</summary>
    public KpiValue? Latest => Values.IsEmpty ? null : Values[^1];
}

/// <summary>Rows to values.</summary>
internal static class KpiValues
{
    public static KpiValue View(KpiValueRow row) => new(
        row.Date, row.Value, row.Source, row.Note, row.KpiVersion, row.Author, row.AuthorName, row.RecordedAt, row.Revision, row.Withdrawn,
        row is { Numerator: { } numerator, Run: { } run } ? new KpiEvidence(numerator, row.Denominator, Inputs(row), run) : null);

    private static ImmutableArray<KpiInput> Inputs(KpiValueRow row) => row.Inputs is null ? [] : JsonSerializer.Deserialize<ImmutableArray<KpiInput>>(row.Inputs, PortalJson.Options);
}
