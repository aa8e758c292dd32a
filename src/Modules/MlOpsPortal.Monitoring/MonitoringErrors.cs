using System.Globalization;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class MonitoringErrors
{
    public static Conflict NameTaken() => new("monitoring.name_taken");

    public static Conflict Archived() => new("monitoring.archived");

    public static Conflict TooManyMonitors(int most) => new("monitoring.too_many_monitors", Text(most));

    public static Validation NoSuchSignal(string signal) => new("monitoring.no_such_signal", signal.Length > 100 ? signal[..100] : signal, string.Join(", ", Enum.GetNames<MonitorSignal>()));

    public static Validation TooMany(int most) => new("monitoring.too_many", Text(most)) { Kind = ValidationKind.TooLarge };

    public static Validation CsvHeader() => new("monitoring.csv_header");

    public static Validation CsvLine(int line) => new("monitoring.csv_line", Text(line));

    public static Validation CsvEncoding() => new("monitoring.csv_encoding");

    public static Conflict RunsAlready() => new("monitoring.runs_already");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
