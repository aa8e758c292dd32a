using System.Text.Json;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Reads one JSON value into a cell, as strictly as the contract says: no text for a number, no NaN, no infinity, no null but where it may be.</summary>
internal static class CellReader
{
    public const int MaxText = 10_000;
    private const double LargestExactWhole = 1L << 53;

    /// <summary>The reader stands on the value; on return it has been read.</summary>
    public static void Read(ref Utf8JsonReader reader, RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (reader.TokenType == JsonTokenType.Null)
            ReadNull(cells, feature, row, faults);
        else if (feature.Type == FeatureType.Text)
            ReadText(ref reader, cells, feature, row, faults);
        else if (feature.Type == FeatureType.Boolean)
            ReadBoolean(ref reader, cells, feature, row, faults);
        else
            ReadNumber(ref reader, cells, feature, row, faults);
    }

    private static void ReadNull(RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (feature.Nullable)
            cells.Set(row, feature.Index, double.NaN);
        else
            faults.Add(row, feature.Name, "deployments.value_null");
    }

    private static void ReadNumber(ref Utf8JsonReader reader, RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            Wrong(ref reader, feature, row, faults);
            return;
        }

        if (feature.Type == FeatureType.Integer)
            ReadWhole(ref reader, cells, feature, row, faults);
        else if (reader.TryGetDouble(out var value) && double.IsFinite(value) && Fits(value, feature.Element))
            cells.Set(row, feature.Index, value);
        else
            faults.Add(row, feature.Name, "deployments.value_range");
    }

    private static bool Fits(double value, OnnxElementType element) => element != OnnxElementType.Float || float.IsFinite((float)value);

    private static void ReadWhole(ref Utf8JsonReader reader, RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (!reader.TryGetInt64(out var whole))
        {
            if (!reader.TryGetDouble(out var value) || !double.IsFinite(value) || Math.Abs(value) > LargestExactWhole)
            {
                faults.Add(row, feature.Name, "deployments.value_range");
                return;
            }

            if (!Math.Floor(value).Equals(value))
            {
                faults.Add(row, feature.Name, "deployments.value_whole");
                return;
            }

            whole = (long)value;
        }

        if (feature.Element == OnnxElementType.Int32 && whole is < int.MinValue or > int.MaxValue)
            faults.Add(row, feature.Name, "deployments.value_range");
        else
            Set(cells, feature, row, whole);
    }

    private static void ReadBoolean(ref Utf8JsonReader reader, RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            Set(cells, feature, row, reader.TokenType == JsonTokenType.True ? 1 : 0);
        else
            Wrong(ref reader, feature, row, faults);
    }

    private static void ReadText(ref Utf8JsonReader reader, RowCells cells, PlannedFeature feature, int row, ScoringFaults faults)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Wrong(ref reader, feature, row, faults);
            return;
        }

        var text = Json.Text(ref reader);
        if (text is null || text.Contains('\0', StringComparison.Ordinal))
            faults.Add(row, feature.Name, "deployments.value_text");
        else if (text.Length > MaxText)
            faults.Add(row, feature.Name, "deployments.value_long", "10000");
        else
            cells.Set(row, feature.Index, text);
    }

    private static void Set(RowCells cells, PlannedFeature feature, int row, long whole)
    {
        if (feature.IsReal)
            cells.Set(row, feature.Index, (double)whole);
        else
            cells.Set(row, feature.Index, whole);
    }

    private static void Wrong(ref Utf8JsonReader reader, PlannedFeature feature, int row, ScoringFaults faults)
    {
        faults.Add(row, feature.Name, "deployments.value_type", Word(feature.Type), Json.Word(reader.TokenType));
        reader.Skip();
    }

    private static string Word(FeatureType type) => type switch
    {
        FeatureType.Number => "a number",
        FeatureType.Integer => "a whole number",
        FeatureType.Text => "a text",
        FeatureType.Boolean => "true or false",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type of feature without a word."),
    };
}
