using System.Collections.Immutable;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Monitoring.Alerts;

public readonly record struct AlertRuleId(Guid Value) : IId<AlertRuleId>
{
    public static AlertRuleId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out AlertRuleId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What a rule looks at.</summary>
public enum AlertSignal
{
    /// <summary>PSI of a feature.</summary>
    ColumnDrift,

    /// <summary>Share of rows in which a feature is missing, 0..1.</summary>
    MissingShare,

    /// <summary>Share of rows with values of a feature that the reference does not have, 0..1.</summary>
    NewValues,

    /// <summary>Share of rows in which a feature breaks the contract, 0..1.</summary>
    ContractViolations,

    /// <summary>PSI of the model's output.</summary>
    PredictionDrift,

    /// <summary>|mean outcome − mean prediction| as a share of the mean prediction.</summary>
    OutcomeGap,

    /// <summary>The headline metric; against the reference: the share of its skill that is lost.</summary>
    Metric,

    /// <summary>Share of requests that failed, 0..1.</summary>
    ErrorShare,

    /// <summary>Share of answers that came from the off-switch's fallback, 0..1.</summary>
    FallbackShare,

    /// <summary>p99 in milliseconds; against the reference: as a multiple of the budget.</summary>
    Latency,

    /// <summary>A KPI of the project.</summary>
    Kpi,
}

/// <summary>What the signal is compared with.</summary>
public enum AlertComparison
{
    /// <summary>The monitor's reference.</summary>
    Reference,

    /// <summary>An earlier window of the same deployment.</summary>
    WindowBefore,

    /// <summary>Nothing: the threshold is the signal's own value.</summary>
    Fixed,

    /// <summary>The KPI's own thresholds: 0 is the target, 1 is red.</summary>
    KpiThreshold,
}

public enum AlertSeverity
{
    Watch,
    Warning,
    Critical,
}

/// <summary>One comparison of a rule.</summary>
/// <param name="Threshold">At least this fires; in the unit of signal and comparison.</param>
/// <param name="WindowsBack">For <see cref="AlertComparison.WindowBefore"/>: 1 is the window directly before.</param>
public sealed record AlertCondition(AlertComparison Against, double Threshold, int WindowsBack = 1);

/// <summary>When somebody is to be told: all conditions hold in <see cref="Hits"/> of the latest <see cref="Of"/> windows.</summary>
/// <param name="Column">A feature; null for each of them, one alert per feature.</param>
/// <param name="Conditions">One or two; while the first holds an alert stays.</param>
/// <param name="MinimumRows">Windows with fewer rows are passed over.</param>
/// <param name="MinimumCoverage">0..1: windows with fewer known outcomes are passed over, for signals that need outcomes.</param>
public sealed record AlertRule(
    string Name, AlertSignal Signal, string? Column, ImmutableArray<AlertCondition> Conditions, int Hits, int Of, int MinimumRows, double MinimumCoverage,
    AlertSeverity Severity, bool Enabled)
{
    public const int MostWindows = 30;

    /// <summary>A value counts only when it is this many times what chance alone brings at the window's size.</summary>
    public const double BeyondChance = 3;

    public Validation? Refusal() => new Faults()
        .Text("name", Name, 200)
        .OptionalText("column", Column, 200)
        .When(!Enum.IsDefined(Signal), "signal", "monitoring.rule_signal")
        .When(!Enum.IsDefined(Severity), "severity", "monitoring.rule_severity")
        .When(Conditions.IsDefault || Conditions.Length is < 1 or > 2, "conditions", "monitoring.rule_conditions")
        .When(!Conditions.IsDefault && Conditions.Any(condition => condition is null || !double.IsFinite(condition.Threshold) || condition.WindowsBack is < 1 or > 60), "conditions", "monitoring.rule_condition")
        .When(!Conditions.IsDefault && Conditions.Any(condition => condition is not null && !Fits(condition.Against)), "conditions", "monitoring.rule_comparison")
        .When(Of is < 1 or > MostWindows || Hits < 1 || Hits > Of, "hits", "monitoring.rule_m_of_n")
        .When(MinimumRows is < 1 or > 1_000_000_000, "minimumRows", "monitoring.rule_rows")
        .When(MinimumCoverage is not (>= 0 and <= 1), "minimumCoverage", "monitoring.rule_coverage")
        .Refusal;

    private bool Fits(AlertComparison comparison) => comparison switch
    {
        AlertComparison.Reference => Signal is AlertSignal.ColumnDrift or AlertSignal.MissingShare or AlertSignal.PredictionDrift or AlertSignal.Metric or AlertSignal.Latency,
        AlertComparison.WindowBefore => true,
        AlertComparison.Fixed => Signal is not (AlertSignal.ColumnDrift or AlertSignal.PredictionDrift),
        AlertComparison.KpiThreshold => Signal == AlertSignal.Kpi,
        _ => false,
    };
}
