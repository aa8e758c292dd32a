using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.Alerts;

/// <summary>The rules that come with a monitor. A season moves many columns a little and slowly; so a step counts at once when it is large against reference
/// and the window before, a slide counts when it is faster than a season, and distance alone only when it is large and stays.</summary>
public static class DefaultRules
{
    public static ImmutableArray<AlertRule> All { get; } =
    [
        Rule("A column breaks off", AlertSignal.ColumnDrift, AlertSeverity.Critical, 1, 1, new(AlertComparison.Reference, 0.25), new(AlertComparison.WindowBefore, 0.25)),
        Rule("A column goes missing", AlertSignal.MissingShare, AlertSeverity.Critical, 1, 1, new AlertCondition(AlertComparison.Reference, 0.05)),
        Rule("New values arrive", AlertSignal.NewValues, AlertSeverity.Critical, 1, 1, new AlertCondition(AlertComparison.Fixed, 0.01)),
        Rule("The contract is broken", AlertSignal.ContractViolations, AlertSeverity.Critical, 1, 1, new AlertCondition(AlertComparison.Fixed, 0.01)),
        Rule("A column slides away", AlertSignal.ColumnDrift, AlertSeverity.Warning, 2, 3, new(AlertComparison.Reference, 0.05), new(AlertComparison.WindowBefore, 0.1, 8)),
        Rule("A column is far from the reference", AlertSignal.ColumnDrift, AlertSeverity.Warning, 2, 3, new AlertCondition(AlertComparison.Reference, 0.25)),
        Rule("Predictions are far from the reference", AlertSignal.PredictionDrift, AlertSeverity.Warning, 2, 3, new AlertCondition(AlertComparison.Reference, 0.25)),
        Rule("The model lost a fifth of its skill", AlertSignal.Metric, AlertSeverity.Critical, 2, 3, new AlertCondition(AlertComparison.Reference, 0.2)),
        Rule("Outcomes are not what was predicted", AlertSignal.OutcomeGap, AlertSeverity.Critical, 2, 3, new AlertCondition(AlertComparison.Fixed, 0.25)),
        Rule("A KPI is red", AlertSignal.Kpi, AlertSeverity.Critical, 2, 3, new AlertCondition(AlertComparison.KpiThreshold, 1)),
        Rule("A KPI slips", AlertSignal.Kpi, AlertSeverity.Warning, 2, 3, new AlertCondition(AlertComparison.WindowBefore, 0.25, 8)),
        Rule("Requests fail", AlertSignal.ErrorShare, AlertSeverity.Critical, 1, 1, new AlertCondition(AlertComparison.Fixed, 0.01)),
        Rule("The fallback answers", AlertSignal.FallbackShare, AlertSeverity.Warning, 1, 1, new AlertCondition(AlertComparison.Fixed, 0.01)),
        Rule("Answers are slow", AlertSignal.Latency, AlertSeverity.Warning, 2, 3, new AlertCondition(AlertComparison.Reference, 1)),
    ];

    private static AlertRule Rule(string name, AlertSignal signal, AlertSeverity severity, int hits, int of, params ImmutableArray<AlertCondition> conditions) =>
        new(name, signal, null, conditions, hits, of, 100, 0.5, severity, true);
}
