using MlOpsPortal.Monitoring.Alerts;

namespace MlOpsPortal.Monitoring.Incidents;

/// <summary>An open incident as grouping sees it.</summary>
/// <param name="Opened">End of the window that opened it.</param>
internal sealed record OpenIncident(IncidentId Id, IncidentCause Cause, DateTimeOffset Opened, IReadOnlyCollection<AlertFact> Alerts);

/// <summary>Which open incident a new alert belongs to: the one about the same thing, the one that explains it, or the one that began just now.</summary>
internal static class Grouping
{
    /// <summary>What begins within this many windows of an incident belongs to its story.</summary>
    private const int JustNow = 2;

    /// <param name="own">The strongest cause of the alert by itself.</param>
    /// <param name="window">Length of a window.</param>
    public static OpenIncident? Home(AlertFact alert, IncidentCause own, DateTimeOffset fired, TimeSpan window, IEnumerable<OpenIncident> open)
    {
        var candidates = open.OrderByDescending(incident => incident.Opened).ToList();
        return candidates.Find(incident => alert.Subject is not null && incident.Alerts.Any(known => known.Subject == alert.Subject && IsKpi(known) == IsKpi(alert)))
            ?? candidates.Find(incident => incident.Cause == own)
            ?? candidates.Find(incident => Explains(incident.Cause, alert.Signal))
            ?? candidates.Find(incident => (fired - incident.Opened).Duration() <= JustNow * window);
    }

    /// <summary>Other inputs make a model worse; nothing else does.</summary>
    private static bool Explains(IncidentCause cause, AlertSignal signal) =>
        cause is IncidentCause.DataFeed or IncidentCause.Population && signal is AlertSignal.Metric or AlertSignal.PredictionDrift;

    private static bool IsKpi(AlertFact alert) => alert.Signal == AlertSignal.Kpi;
}
