using System.Collections.Immutable;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Which metrics a task has, and which of them decides.</summary>
public static class TaskMetrics
{
    public static ImmutableArray<MetricDefinition> Of(MlTask task) => task switch
    {
        MlTask.Binary => MetricCatalogue.Binary,
        MlTask.Multiclass => MetricCatalogue.Multiclass,
        MlTask.Regression => MetricCatalogue.Regression,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "A task without metrics."),
    };

    public static string Headline(MlTask task) => task switch
    {
        MlTask.Binary => MetricCatalogue.BinaryHeadline,
        MlTask.Multiclass => MetricCatalogue.MulticlassHeadline,
        MlTask.Regression => MetricCatalogue.RegressionHeadline,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "A task without metrics."),
    };
}
