using System.Globalization;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Monitoring;

/// <summary>What monitors measure in words, and how much a drift means, the same on every page.</summary>
internal static class MonitoringWords
{
    /// <summary>PSI from here on is worth a look (credit industry's usual bounds).</summary>
    public const double Watch = 0.1;

    /// <summary>PSI from here on is a drift.</summary>
    public const double Drifted = 0.25;

    public static string Of(MonitorWindow window) => window switch
    {
        { Kind: WindowKind.Count, Count: { } count } => $"every {Numbers.Count(count)} predictions",
        { Length: { TotalDays: 7 } } => "weeks",
        { Length: { TotalDays: 1 } } => "days",
        { Length: { TotalHours: 1 } } => "hours",
        { Length: { } length } => $"{Numbers.Value(length.TotalDays)} days each",
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "A window without words."),
    };

    public static string Of(ReferenceFacts reference) => (reference.Kind, reference.Name) switch
    {
        (_, "") => "none",
        (ReferenceKind.Training, var name) => $"training set {name}",
        (ReferenceKind.Test, var name) => $"test set {name}",
        (ReferenceKind.Dataset, var name) => name,
        (ReferenceKind.Window or ReferenceKind.Before, var stretch) => $"predictions of {stretch}",
        _ => throw new ArgumentOutOfRangeException(nameof(reference), reference.Kind, "A reference without words."),
    };

    public static string Of(MonitorSchedule? schedule) => schedule?.Every switch
    {
        null => "only by hand",
        { TotalDays: 7 } => "every week",
        { TotalDays: 1 } => "every day",
        { TotalHours: 1 } => "every hour",
        { TotalDays: > 1 } every => $"every {Numbers.Value(every.TotalDays)} days",
        { } every => $"every {Numbers.Value(every.TotalMinutes)} minutes",
    };

    /// <summary>The week's number where windows are weeks, otherwise the day.</summary>
    public static string Name(MonitorRun run) => (run.To - run.From).TotalDays == 7
        ? string.Create(CultureInfo.InvariantCulture, $"W{ISOWeek.GetWeekOfYear(run.From.UtcDateTime)}")
        : run.From.UtcDateTime.ToString((run.To - run.From).TotalDays < 1 ? "MM-dd HH:mm" : "MM-dd", CultureInfo.InvariantCulture);

    public static (Tone Tone, string Text) State(double? psi) => psi switch
    {
        null => (Tone.Neutral, "not computable"),
        >= Drifted => (Tone.Bad, "drifted"),
        >= Watch => (Tone.Warn, "watch"),
        _ => (Tone.Ok, "steady"),
    };

    public static string Metric(string key) => key switch
    {
        "roc_auc" => "AUC",
        "average_precision" => "PR-AUC",
        "log_loss" => "Log loss",
        "brier" => "Brier score",
        "ece" => "Calibration error",
        "ks" => "KS",
        "rmse" or "mae" or "mape" => key.ToUpperInvariant(),
        "r2" => "R²",
        _ => char.ToUpperInvariant(key[0]) + key[1..].Replace('_', ' '),
    };

    public static string Method(string key) => key switch
    {
        DriftMethods.Psi => "PSI, reference deciles, zero share 1e-4",
        DriftMethods.Ks => "Kolmogorov-Smirnov D",
        DriftMethods.LInfinity => "L-infinity",
        DriftMethods.PsiEvidently => "PSI as Evidently",
        DriftMethods.JensenShannonEvidently => "Jensen-Shannon as Evidently",
        DriftMethods.JensenShannonNannyMl => "Jensen-Shannon as NannyML",
        DriftMethods.WassersteinNormed => "Wasserstein over standard deviation",
        "exact" => "KS p, exact",
        "asymptotic" => "KS p, asymptotic",
        _ => key,
    };

    public static string Signal(MonitorSignal signal) => signal switch
    {
        MonitorSignal.MissingShare => "missing",
        MonitorSignal.NewValueShare => "new values",
        MonitorSignal.OutOfRangeShare => "outside the reference's range",
        MonitorSignal.WrongTypeShare => "of the wrong type",
        MonitorSignal.Psi => "PSI",
        MonitorSignal.Ks => "KS",
        MonitorSignal.KsPValue => "KS p",
        MonitorSignal.LInfinity => "L-infinity",
        MonitorSignal.Distance => "distance",
        _ => signal.ToString(),
    };

    /// <summary>Why a number is not there.</summary>
    public static string Why(string? code) => code switch
    {
        null => "",
        "noReference" => "the reference has no values",
        "noReferenceColumn" => "the reference does not have this column",
        "noReferenceVersion" => "there is no reference: name a dataset version",
        "noTrainingSet" => "the model version does not say what it was trained on",
        "noTestSet" => "the model version has no test set",
        "noEvaluation" => "the version was not evaluated on the reference",
        "noRows" => "no values in this window",
        "tooFewRows" => "too few predictions in this window",
        "tooFewReferenceRows" => "the reference has too few values",
        "constantReference" => "the reference is the same in every row",
        "tooManyValues" => "too many different values",
        "noTraffic" => "no requests were counted in this time",
        "notMeasured" => "not scored here",
        "coverageTooLow" => "too few outcomes are known",
        "noOutcomes" => "no outcome is known yet",
        "singleClass" => "all outcomes are the same",
        "constantOutcome" => "all outcomes are the same",
        _ => "not computable (" + code + ")",
    };
}
