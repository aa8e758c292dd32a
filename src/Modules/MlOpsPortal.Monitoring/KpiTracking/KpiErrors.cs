using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Why a measurement is refused; the sentences are in Refusals.resx.</summary>
internal static class KpiErrors
{
    public static Conflict TooManyDefinitions() => new("monitoring.kpi_too_many_definitions", MeasurementDesk.MostDefinitions.ToString(CultureInfo.InvariantCulture));

    public static Conflict RunUnderWay() => new("monitoring.kpi_run_under_way");

    public static Conflict NothingSettled(DateOnly day) => new("monitoring.kpi_nothing_settled", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public static Validation NoPeriod() => new("monitoring.kpi_no_period");

    public static Validation TooManyPeriods(int most) => new("monitoring.kpi_too_many_periods", most.ToString(CultureInfo.InvariantCulture));

    public static Conflict NoReadyVersion(string input) => new("monitoring.kpi_no_ready_version", input);

    public static Validation InputGone(string input) => new("monitoring.kpi_input_gone", input) { Kind = ValidationKind.Unprocessable };

    public static Validation DateColumn(string input, string column) =>
        new("invalid") { Fields = [new FieldFault("inputs", "monitoring.kpi_date_column", input, column)] };

    public static Validation TooManyPredictions(string input, int most) =>
        new("monitoring.kpi_too_many_predictions", input, most.ToString("N0", CultureInfo.InvariantCulture)) { Kind = ValidationKind.Unprocessable };

    /// <summary>A query that cannot be run, at its field.</summary>
    public static Validation Sql(FieldFault fault) => new("invalid") { Fields = [fault] };
}
