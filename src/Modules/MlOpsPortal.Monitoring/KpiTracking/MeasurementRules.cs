using System.Text.RegularExpressions;
using MlOpsPortal.Monitoring.KpiTracking.Inputs;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>What can be said of a definition before any data is looked at.</summary>
internal static partial class MeasurementRules
{
    public const int MostInputs = 10;
    public const int LongestSql = 10_000;
    public const int MostSettleDays = 366;

    public static Validation? Check(MeasurementSpec spec)
    {
        var inputs = spec.Inputs.IsDefault ? [] : spec.Inputs;
        var faults = new Faults().Text("numerator", spec.Numerator, LongestSql).OptionalText("denominator", spec.Denominator, LongestSql)
            .When(inputs.IsEmpty, "inputs", "monitoring.kpi_no_input")
            .When(inputs.Length > MostInputs, "inputs", "monitoring.kpi_too_many_inputs")
            .When(!Enum.IsDefined(spec.Grain), "grain", "required")
            .When(spec.Grain == PeriodGrain.Month && spec.First.Day != 1, "first", "monitoring.kpi_month_first")
            .When(spec.First.Year is < 1990 or > 2200, "first", "monitoring.kpi_first")
            .When(spec.SettleDays is < 0 or > MostSettleDays, "settleDays", "monitoring.kpi_settle_days");
        for (var at = 0; at < inputs.Length; at++)
            Check(inputs[at], $"inputs[{at}]", inputs.Take(at).Any(other => string.Equals(other.Name, inputs[at].Name, StringComparison.OrdinalIgnoreCase)), faults);
        return faults.Refusal;
    }

    private static void Check(MeasurementInput input, string field, bool taken, Faults faults) =>
        faults.When(input.Name is null || !NameForm().IsMatch(input.Name), $"{field}.name", "monitoring.kpi_input_name")
            .When(taken, $"{field}.name", "monitoring.kpi_input_taken")
            .When(input.Dataset is null == input.Endpoint is null, field, "monitoring.kpi_input_source")
            .When(input.Version is not null && (input.Dataset is null || input.Version < 1), $"{field}.version", "monitoring.kpi_input_version")
            .When(input.Endpoint is not null && input.DateColumn is not (null or PredictionsInput.When), $"{field}.dateColumn", "monitoring.kpi_prediction_date")
            .OptionalText($"{field}.dateColumn", input.DateColumn, 500);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,62}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NameForm();
}
