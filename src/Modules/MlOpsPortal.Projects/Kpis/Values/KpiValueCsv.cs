using System.Globalization;
using MlOpsPortal.Platform.Csv;

namespace MlOpsPortal.Projects.Kpis.Values;

/// <summary>A KPI's values as CSV, raw and invariant.</summary>
internal static class KpiValueCsv
{
    private static readonly string[] Columns = ["date", "value", "source", "numerator", "denominator", "kpi_version", "note", "recorded_by", "recorded_at"];

    public static string Of(KpiSeries series) => string.Concat(series.Values.Select(Cells).Prepend(Columns).Select(cells => CsvText.Line(cells) + "\r\n"));

    private static string[] Cells(KpiValue value) =>
    [
        value.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Number(value.Value), value.Source == ValueSource.Measured ? "measured" : "declared", Number(value.Evidence?.Numerator),
        Number(value.Evidence?.Denominator), value.KpiVersion.ToString(CultureInfo.InvariantCulture), value.Note, value.AuthorName,
        value.RecordedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
    ];

    private static string Number(decimal? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
