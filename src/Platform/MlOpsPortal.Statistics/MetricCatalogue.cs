using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MlOpsPortal.Statistics;

[JsonConverter(typeof(JsonStringEnumConverter<MetricDirection>))]
public enum MetricDirection
{
    [JsonStringEnumMemberName("higherIsBetter")] HigherIsBetter,
    [JsonStringEnumMemberName("lowerIsBetter")] LowerIsBetter,

    /// <summary>Compared by absolute value: lower is better.</summary>
    [JsonStringEnumMemberName("closerToZeroIsBetter")] CloserToZeroIsBetter,
}

/// <summary>What a metric's number means.</summary>
/// <param name="Key">Stable name, also the key in a report's metrics.</param>
/// <param name="Direction">Which way is better.</param>
/// <param name="Lower">Smallest possible value, null for none.</param>
/// <param name="Upper">Largest possible value, null for none.</param>
/// <param name="NeedsThreshold">Depends on the decision threshold.</param>
/// <param name="Resamples">False where the bootstrap gives no valid interval (a maximum).</param>
public sealed record MetricDefinition(string Key, MetricDirection Direction, double? Lower, double? Upper, bool NeedsThreshold = false, bool Resamples = true);

/// <summary>Every metric with its direction and range. The order is the order of display.</summary>
public static class MetricCatalogue
{
    /// <summary>The metric that decides between binary models.</summary>
    public const string BinaryHeadline = "roc_auc";

    /// <summary>The metric that decides between regression models.</summary>
    public const string RegressionHeadline = "rmse";

    /// <summary>The metric that decides between models of several classes: it judges the probabilities, not only the decision.</summary>
    public const string MulticlassHeadline = "log_loss";

    public static ImmutableArray<MetricDefinition> Binary { get; } =
    [
        new("roc_auc", MetricDirection.HigherIsBetter, 0, 1),
        new("gini", MetricDirection.HigherIsBetter, -1, 1),
        new("ks", MetricDirection.HigherIsBetter, 0, 1),
        new("average_precision", MetricDirection.HigherIsBetter, 0, 1),
        new("pr_auc_trapezoid", MetricDirection.HigherIsBetter, 0, 1),
        new("partial_auc_fpr_0.1", MetricDirection.HigherIsBetter, 0, 1),
        new("log_loss", MetricDirection.LowerIsBetter, 0, null),
        new("brier", MetricDirection.LowerIsBetter, 0, 1),
        new("ece", MetricDirection.LowerIsBetter, 0, 1),
        new("accuracy", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("balanced_accuracy", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("precision", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("recall", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("specificity", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("f1", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("f2", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
        new("mcc", MetricDirection.HigherIsBetter, -1, 1, NeedsThreshold: true),
        new("cohen_kappa", MetricDirection.HigherIsBetter, -1, 1, NeedsThreshold: true),
        new("jaccard", MetricDirection.HigherIsBetter, 0, 1, NeedsThreshold: true),
    ];

    public static ImmutableArray<MetricDefinition> Multiclass { get; } =
    [
        new("log_loss", MetricDirection.LowerIsBetter, 0, null),
        new("roc_auc_ovr_macro", MetricDirection.HigherIsBetter, 0, 1),
        new("roc_auc_ovr_weighted", MetricDirection.HigherIsBetter, 0, 1),
        new("roc_auc_ovo_macro", MetricDirection.HigherIsBetter, 0, 1),
        new("roc_auc_ovo_weighted", MetricDirection.HigherIsBetter, 0, 1),
        new("accuracy", MetricDirection.HigherIsBetter, 0, 1),
        new("balanced_accuracy", MetricDirection.HigherIsBetter, 0, 1),
        new("f1_macro", MetricDirection.HigherIsBetter, 0, 1),
        new("f1_weighted", MetricDirection.HigherIsBetter, 0, 1),
        new("precision_macro", MetricDirection.HigherIsBetter, 0, 1),
        new("precision_weighted", MetricDirection.HigherIsBetter, 0, 1),
        new("recall_macro", MetricDirection.HigherIsBetter, 0, 1),
        new("recall_weighted", MetricDirection.HigherIsBetter, 0, 1),
        new("mcc", MetricDirection.HigherIsBetter, -1, 1),
        new("cohen_kappa", MetricDirection.HigherIsBetter, -1, 1),
        new("brier_sum", MetricDirection.LowerIsBetter, 0, 2),
        new("top_2_accuracy", MetricDirection.HigherIsBetter, 0, 1),
    ];

    public static ImmutableArray<MetricDefinition> Regression { get; } =
    [
        new("rmse", MetricDirection.LowerIsBetter, 0, null),
        new("mae", MetricDirection.LowerIsBetter, 0, null),
        new("r2", MetricDirection.HigherIsBetter, null, 1),
        new("mape", MetricDirection.LowerIsBetter, 0, null),
        new("mse", MetricDirection.LowerIsBetter, 0, null),
        new("explained_variance", MetricDirection.HigherIsBetter, null, 1),
        new("median_absolute_error", MetricDirection.LowerIsBetter, 0, null),
        new("max_error", MetricDirection.LowerIsBetter, 0, null, Resamples: false),
        new("bias", MetricDirection.CloserToZeroIsBetter, null, null),
        new("pinball_0.1", MetricDirection.LowerIsBetter, 0, null),
        new("pinball_0.5", MetricDirection.LowerIsBetter, 0, null),
        new("pinball_0.9", MetricDirection.LowerIsBetter, 0, null),
        new("msle", MetricDirection.LowerIsBetter, 0, null),
        new("rmsle", MetricDirection.LowerIsBetter, 0, null),
        new("mean_poisson_deviance", MetricDirection.LowerIsBetter, 0, null),
        new("pearson_r", MetricDirection.HigherIsBetter, -1, 1),
        new("spearman_r", MetricDirection.HigherIsBetter, -1, 1),
    ];
}
