using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Binary;

/// <summary>All that is said of one binary model on one set of rows. Rates are 0..1.</summary>
/// <param name="Rows">Rows evaluated.</param>
/// <param name="Positives">Rows of the positive class.</param>
/// <param name="Threshold">Scores at or above it are decided positive.</param>
/// <param name="Metrics">By key of <see cref="MetricCatalogue.Binary"/>, in its order; every key is present.</param>
/// <param name="Confusion">Null when the rows cannot be evaluated (none, or a score is not finite).</param>
/// <param name="Roc">At most 200 points that keep the curve's shape; empty when not computable.</param>
/// <param name="PrecisionRecall">As <paramref name="Roc"/>.</param>
/// <param name="CalibrationUniform">Ten equal-width bins, empty ones left out.</param>
/// <param name="CalibrationQuantile">Ten bins of equal frequency, as far as ties allow.</param>
/// <param name="Gains">Ten cumulative steps from the highest score down.</param>
public sealed record BinaryReport(
    int Rows,
    int Positives,
    double Threshold,
    IReadOnlyDictionary<string, Metric> Metrics,
    Confusion? Confusion,
    ImmutableArray<RocPoint> Roc,
    ImmutableArray<PrecisionRecallPoint> PrecisionRecall,
    ImmutableArray<CalibrationBin> CalibrationUniform,
    ImmutableArray<CalibrationBin> CalibrationQuantile,
    ImmutableArray<GainStep> Gains);

/// <summary>Rates when scores at or above the threshold are positive. The threshold is null at the origin, which lies above every score.</summary>
public sealed record RocPoint(double FalsePositiveRate, double TruePositiveRate, double? Threshold);

/// <summary>Precision and recall at a threshold; the last point, recall 0 and precision 1, has none.</summary>
public sealed record PrecisionRecallPoint(double Recall, double Precision, double? Threshold);

/// <summary>Mean score and share of positives among the rows of a bin.</summary>
public sealed record CalibrationBin(double MeanPredicted, double FractionPositive, int Rows);

/// <summary>The best-scored rows up to a share of all.</summary>
/// <param name="Share">Share of rows, 0.1 to 1.</param>
/// <param name="Rows">That many rows, rounded half to even.</param>
/// <param name="Captured">Positives among them.</param>
/// <param name="Gain">Share of all positives captured.</param>
/// <param name="Lift">Their share of positives divided by that of all rows.</param>
public sealed record GainStep(double Share, int Rows, int Captured, double Gain, double Lift);
