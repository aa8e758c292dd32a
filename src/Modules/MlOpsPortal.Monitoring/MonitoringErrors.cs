using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring;

/// <summary>Why this module refuses; the sentences are in Refusals.resx.</summary>
public static class MonitoringErrors
{
    public static Conflict NameTaken() => new("monitoring.name_taken");

    public static Conflict Archived() => new("monitoring.archived");

    public static Conflict TooManyMonitors(int most) => new("monitoring.too_many_monitors", Text(most));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
