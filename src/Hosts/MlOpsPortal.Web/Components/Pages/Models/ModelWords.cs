using System.Globalization;
using MlOpsPortal.Datasets;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Fidelity;
using MlOpsPortal.Web.Components.Kit;
using ModelState = MlOpsPortal.Models.Registry.VersionState;

namespace MlOpsPortal.Web.Components.Pages.Models;

/// <summary>States, metrics and verdicts in words, the same on every page.</summary>
internal static class ModelWords
{
    public static string Of(ModelState state) => state switch
    {
        ModelState.Admitting => "being admitted",
        ModelState.Refused => "refused",
        ModelState.ContractNeeded => "contract needed",
        ModelState.Ready => "ready",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static Tone ToneOf(ModelState state) => state switch
    {
        ModelState.Refused => Tone.Bad,
        ModelState.ContractNeeded => Tone.Warn,
        ModelState.Ready => Tone.Ok,
        _ => Tone.Info,
    };

    public static string Of(FidelityVerdict verdict) => verdict switch
    {
        FidelityVerdict.Pass => "same as its library",
        FidelityVerdict.Warning => "differs a little",
        FidelityVerdict.NotReleasable => "not releasable",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No such verdict."),
    };

    public static Tone ToneOf(FidelityVerdict verdict) => verdict switch
    {
        FidelityVerdict.Pass => Tone.Ok,
        FidelityVerdict.Warning => Tone.Warn,
        _ => Tone.Bad,
    };

    public static string Of(EvaluationState state) => state switch
    {
        EvaluationState.Running => "being evaluated",
        EvaluationState.Done => "done",
        EvaluationState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static Tone ToneOf(EvaluationState state) => state switch
    {
        EvaluationState.Done => Tone.Ok,
        EvaluationState.Failed => Tone.Bad,
        _ => Tone.Info,
    };

    public static string Of(ReleaseState state) => state switch
    {
        ReleaseState.Requested => "waits for a decision",
        ReleaseState.Approved => "approved",
        ReleaseState.Rejected => "rejected",
        ReleaseState.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };

    public static Tone ToneOf(ReleaseState state) => state switch
    {
        ReleaseState.Requested => Tone.Warn,
        ReleaseState.Approved => Tone.Ok,
        ReleaseState.Rejected => Tone.Bad,
        _ => Tone.Info,
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        Verdict.NoDetectableDifference => "no detectable difference",
        Verdict.NotComputable => "not computable",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No such verdict."),
    };

    public static string Of(MlTask task) => task switch
    {
        MlTask.Binary => "binary classification",
        MlTask.Multiclass => "multiclass classification",
        MlTask.Regression => "regression",
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "No such task."),
    };

    /// <summary>What a dataset version is for, as part of its name: " · test".</summary>
    public static string Suffix(DatasetRole role) => role == DatasetRole.None ? "" : $" · {role.ToString().ToLowerInvariant()}";

    public static string Metric(string key) => key switch
    {
        "roc_auc" => "AUC",
        "gini" => "Gini",
        "ks" => "KS",
        "average_precision" => "PR-AUC",
        "pr_auc_trapezoid" => "PR-AUC, trapezoid",
        "partial_auc_fpr_0.1" => "Partial AUC to 0.1",
        "log_loss" => "Log loss",
        "brier" => "Brier",
        "ece" => "Calibration error",
        "accuracy" => "Accuracy",
        "balanced_accuracy" => "Balanced accuracy",
        "precision" => "Precision",
        "recall" => "Recall",
        "specificity" => "Specificity",
        "f1" => "F1",
        "f2" => "F2",
        "mcc" => "MCC",
        "cohen_kappa" => "Cohen's kappa",
        "jaccard" => "Jaccard",
        "roc_auc_ovr_macro" => "AUC, one against rest",
        "roc_auc_ovr_weighted" => "AUC, one against rest, weighted",
        "roc_auc_ovo_macro" => "AUC, one against one",
        "roc_auc_ovo_weighted" => "AUC, one against one, weighted",
        "f1_macro" => "F1, mean of classes",
        "f1_weighted" => "F1, weighted",
        "precision_macro" => "Precision, mean of classes",
        "precision_weighted" => "Precision, weighted",
        "recall_macro" => "Recall, mean of classes",
        "recall_weighted" => "Recall, weighted",
        "brier_sum" => "Brier, sum of classes",
        "top_2_accuracy" => "Among the first two",
        "rmse" => "RMSE",
        "mae" => "MAE",
        "r2" => "R²",
        "mape" => "MAPE",
        "mse" => "MSE",
        "explained_variance" => "Explained variance",
        "median_absolute_error" => "Median absolute error",
        "max_error" => "Largest error",
        "bias" => "Bias",
        _ => key.Replace('_', ' '),
    };

    public static string Arrow(MetricDirection direction) => direction switch
    {
        MetricDirection.HigherIsBetter => "↑",
        MetricDirection.LowerIsBetter => "↓",
        _ => "→ 0",
    };

    public static string Direction(MetricDirection direction) => direction switch
    {
        MetricDirection.HigherIsBetter => "higher is better",
        MetricDirection.LowerIsBetter => "lower is better",
        _ => "closer to zero is better",
    };

    /// <summary>A difference of any size: four digits, and below a ten-thousandth as a power of ten.</summary>
    public static string Small(double? value)
    {
        if (value is not { } known || known == 0 || Math.Abs(known) >= 1e-4)
            return Numbers.Value(value);
        var power = (int)Math.Floor(Math.Log10(Math.Abs(known)));
        return string.Create(CultureInfo.CurrentCulture, $"{known / Math.Pow(10, power):0.0} × {PowerOfTen(power)}");
    }

    /// <summary>10⁻⁷</summary>
    public static string PowerOfTen(int power) =>
        "10" + string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(character => character == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[character - '0']));

    public static string P(double? p) => p switch
    {
        null => "",
        < 0.001 => "p < 0.001",
        var value => string.Create(CultureInfo.CurrentCulture, $"p {value:0.00}"),
    };
}
