using System.Globalization;
using MlOpsPortal.Monitoring.Alerts;
using MlOpsPortal.Monitoring.Incidents;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Incidents;

/// <summary>Alerts, rules and incidents in words.</summary>
internal static class AlertWords
{
    public static (Tone Tone, string Text) Of(IncidentState state) => state switch
    {
        IncidentState.Open => (Tone.Bad, "open"),
        IncidentState.InHand => (Tone.Info, "in hand"),
        IncidentState.Closed => (Tone.Ok, "closed"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static (Tone Tone, string Text) Of(AlertState state) => state switch
    {
        AlertState.Firing => (Tone.Bad, "firing"),
        AlertState.Acknowledged => (Tone.Warn, "acknowledged"),
        AlertState.Silenced => (Tone.Neutral, "silenced"),
        AlertState.Resolved => (Tone.Ok, "resolved"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static (Tone Tone, string Text) Of(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => (Tone.Bad, "critical"),
        AlertSeverity.Warning => (Tone.Warn, "warning"),
        AlertSeverity.Watch => (Tone.Info, "watch"),
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "No such severity."),
    };

    public static string Of(IncidentCause cause) => cause switch
    {
        IncidentCause.DataFeed => "The data feed changed",
        IncidentCause.Population => "The population changed",
        IncidentCause.Concept => "The pattern changed",
        IncidentCause.Business => "The business changed",
        IncidentCause.Service => "The service is in trouble",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "No such cause."),
    };

    public static string WayBack(Stage stage) => stage switch
    {
        Stage.BusinessUnderstanding => "Rethink the business",
        Stage.DataAcquisition => "Fix the data",
        Stage.ModelDevelopment => "Redevelop",
        Stage.ModelDeployment => "Mend the service",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No way leads back there."),
    };

    public static string Of(AlertSignal signal) => signal switch
    {
        AlertSignal.ColumnDrift => "drift of a column (PSI)",
        AlertSignal.MissingShare => "missing values",
        AlertSignal.NewValues => "new values",
        AlertSignal.ContractViolations => "contract violations",
        AlertSignal.PredictionDrift => "drift of predictions (PSI)",
        AlertSignal.OutcomeGap => "outcomes against predictions",
        AlertSignal.Metric => "the realised metric",
        AlertSignal.ErrorShare => "failed requests",
        AlertSignal.FallbackShare => "answers of the fallback",
        AlertSignal.Latency => "latency p99",
        AlertSignal.Kpi => "a KPI",
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "No such signal."),
    };

    public static string Of(AlertCondition condition) => condition.Against switch
    {
        AlertComparison.Reference => $"at least {Number(condition.Threshold)} against the reference",
        AlertComparison.WindowBefore when condition.WindowsBack == 1 => $"at least {Number(condition.Threshold)} against the window before",
        AlertComparison.WindowBefore => $"at least {Number(condition.Threshold)} against {condition.WindowsBack} windows before",
        AlertComparison.Fixed => $"reaches {Number(condition.Threshold)}",
        AlertComparison.KpiThreshold => condition.Threshold == 1 ? "is red" : $"is {Number(condition.Threshold)} of the way from target to red",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition.Against, "No such comparison."),
    };

    public static string Sentence(AlertRule rule) =>
        $"{Of(rule.Signal)}{(rule.Column is null ? "" : $" of {rule.Column}")}: {string.Join(" and ", rule.Conditions.Select(Of))}, in {rule.Hits} of {rule.Of} windows";

    private static string Number(double value) => value.ToString("0.###", CultureInfo.CurrentCulture);
}
