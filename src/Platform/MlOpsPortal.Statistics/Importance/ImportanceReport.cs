using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Importance;

/// <summary>How much a model's score falls when one feature's values are shuffled among the rows. Features that say the same share the credit.</summary>
/// <param name="Metric">What the score is; a metric of which less is better stands with a minus: "-rmse".</param>
/// <param name="Base">Score of the untouched rows.</param>
/// <param name="Repeats">Shuffles of each feature.</param>
/// <param name="Seed">Draws the same shuffles again.</param>
/// <param name="Rows">Rows it was measured on.</param>
/// <param name="OfRows">Rows there are; more than <paramref name="Rows"/> when a sample was drawn.</param>
public sealed record ImportanceReport(string Metric, double Base, int Repeats, int Seed, int Rows, int OfRows, ImmutableArray<FeatureImportance> Features);

/// <param name="Mean">Of the falls of the score over the repeats.</param>
/// <param name="Sd">Of the same, with the number of repeats in the denominator.</param>
public sealed record FeatureImportance(string Feature, double Mean, double Sd);
