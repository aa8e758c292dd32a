using System.Globalization;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>Why alerts and incidents refuse; the sentences are in Alerts/Refusals.resx.</summary>
public static class AlertErrors
{
    public static Conflict TooManyRules(int most) => new("monitoring.too_many_rules", most.ToString(CultureInfo.InvariantCulture));

    public static Conflict AlertMove(AlertState state) => new("monitoring.alert_move", state.ToString());

    public static Conflict IncidentMove(IncidentState state) => new("monitoring.incident_move", state.ToString());
}
