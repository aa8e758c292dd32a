using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Statistics.Drift;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>What a window is compared with, ready to be compared.</summary>
/// <param name="Numbers">By column.</param>
/// <param name="Categories">By column.</param>
/// <param name="Predictions">Of the model on the reference; null when there are none, and then <paramref name="NoPredictions"/> says why.</param>
/// <param name="Metrics">Of the model on the reference, by key.</param>
/// <param name="Missing">Why there is no reference; null when there is one.</param>
internal sealed record ReferenceData(
    ReferenceFacts Facts, IReadOnlyDictionary<string, NumericSample> Numbers, IReadOnlyDictionary<string, CategorySample> Categories, NumericSample? Predictions, string? NoPredictions,
    double? MeanOutcome, IReadOnlyDictionary<string, double> Metrics, string? Missing)
{
    public static ReferenceData None(ReferenceFacts facts, string why) =>
        new(facts, new Dictionary<string, NumericSample>(StringComparer.Ordinal), new Dictionary<string, CategorySample>(StringComparer.Ordinal), null, why, null, new Dictionary<string, double>(StringComparer.Ordinal), why);

    /// <summary>A stretch of the log.</summary>
    public static ReferenceData Of(ReferenceFacts facts, WindowData data, IReadOnlyDictionary<string, double> metrics)
    {
        if (data.Rows == 0)
            return None(facts, Reasons.NoReference);
        var columns = data.Plan.Columns.Select((column, at) => (column.Name, Column: data.Columns[at])).ToList();
        return new ReferenceData(
            facts with { Rows = data.Rows },
            columns.Where(column => column.Column.Kind == ColumnKind.Number).ToDictionary(column => column.Name, column => column.Column.Numbers(), StringComparer.Ordinal),
            columns.Where(column => column.Column.Kind != ColumnKind.Number).ToDictionary(column => column.Name, column => column.Column.Texts(), StringComparer.Ordinal),
            NumericSample.Of([.. data.Outputs]), null, data.Outcomes.Count == 0 ? null : data.Outcomes.Average(), metrics, null);
    }
}

/// <summary>Why a number is not there, beyond what statistics themselves say. Stable codes; pages have the words.</summary>
internal static class Reasons
{
    public const string NoReference = "noReference";
    public const string NoReferenceColumn = "noReferenceColumn";
    public const string NoReferenceVersion = "noReferenceVersion";
    public const string NoTrainingSet = "noTrainingSet";
    public const string NoTestSet = "noTestSet";
    public const string NoEvaluation = "noEvaluation";
    public const string TooFewRows = "tooFewRows";
    public const string NoTraffic = "noTraffic";
    public const string NotMeasured = "notMeasured";
    public const string CoverageTooLow = "coverageTooLow";
    public const string NoOutcomes = "noOutcomes";

    /// <summary>The code of a statistic's own reason, as it stands on the wire elsewhere.</summary>
    public static string Of(Statistics.NotComputable reason) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}
