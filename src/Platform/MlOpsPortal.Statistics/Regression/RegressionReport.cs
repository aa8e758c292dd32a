using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Regression;

/// <summary>All that is said of one regression model on one set of rows, in the unit of the outcome.</summary>
/// <param name="Rows">Rows evaluated.</param>
/// <param name="Metrics">By key of <see cref="MetricCatalogue.Regression"/>, in its order; every key is present.</param>
/// <param name="Residuals">Prediction minus outcome in twenty equal-width bins; empty when not computable.</param>
/// <param name="PredictedAgainstActual">Rows by cells of a grid, for a picture of any number of rows; cells without rows are left out.</param>
/// <param name="ByPrediction">Ten groups of rows by ascending prediction.</param>
public sealed record RegressionReport(
    int Rows,
    IReadOnlyDictionary<string, Metric> Metrics,
    ImmutableArray<HistogramBin> Residuals,
    ImmutableArray<GridCell> PredictedAgainstActual,
    ImmutableArray<PredictionGroup> ByPrediction);

/// <summary>Rows from <paramref name="From"/> to <paramref name="To"/>; the last bin includes its end.</summary>
public sealed record HistogramBin(double From, double To, int Rows);

/// <summary>Rows near one place, at their mean outcome and prediction.</summary>
public sealed record GridCell(double MeanActual, double MeanPredicted, int Rows);

/// <summary>Mean prediction and outcome of a tenth of the rows.</summary>
public sealed record PredictionGroup(double MeanPredicted, double MeanActual, int Rows);
