using System.Collections.Immutable;
using MlOpsPortal.Statistics.Binary;

namespace MlOpsPortal.Statistics.Multiclass;

/// <summary>All that is said of one classifier of several classes on one set of rows. Rates are 0..1.</summary>
/// <param name="Rows">Rows evaluated.</param>
/// <param name="Classes">In the order of the probabilities.</param>
/// <param name="Metrics">By key of <see cref="MetricCatalogue.Multiclass"/>, in its order; every key is present.</param>
/// <param name="Confusion">Rows of class i that were decided to be of class j; empty when the rows cannot be evaluated.</param>
/// <param name="PerClass">Each class against the rest, in the order of the classes; empty when the rows cannot be evaluated.</param>
public sealed record MulticlassReport(
    int Rows,
    ImmutableArray<string> Classes,
    IReadOnlyDictionary<string, Metric> Metrics,
    ImmutableArray<ImmutableArray<int>> Confusion,
    ImmutableArray<ClassReport> PerClass);

/// <summary>One class against the rest.</summary>
/// <param name="Support">Rows that are of the class.</param>
/// <param name="Precision">Of the rows decided to be of the class, the share that is.</param>
/// <param name="Recall">Of the rows of the class, the share that was decided so.</param>
/// <param name="RocAuc">Of the class's probability.</param>
/// <param name="Roc">At most 100 points; empty when not computable.</param>
public sealed record ClassReport(string Class, int Support, Metric Precision, Metric Recall, Metric F1, Metric RocAuc, ImmutableArray<RocPoint> Roc);
