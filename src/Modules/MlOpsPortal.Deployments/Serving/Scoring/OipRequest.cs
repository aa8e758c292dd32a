using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Reads an inference request of the Open Inference Protocol v2: one tensor [n,k] named as an input of the file, or tensors [n] or [n,1]
/// named as features, or both mixed. Every feature is given exactly once.</summary>
internal static class OipRequest
{
    /// <inheritdoc cref="PlainRequest.Read" path="/exception"/>
    public static void Read(ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now)
    {
        var reader = new Utf8JsonReader(body, Json.Strict);
        slot.Cells.Begin(plan.Features.Length);
        slot.Cells.BeginColumns();
        reader.Read();
        Json.Expect(ref reader, JsonTokenType.StartObject, "$");
        var rows = -1;
        var had = Part.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var part = Name(ref reader);
            if (had.HasFlag(part))
                throw new UnreadableException(part.ToString().ToLowerInvariant(), "deployments.value_twice");
            had |= part;
            reader.Read();
            switch (part)
            {
                case Part.Id:
                    Json.Expect(ref reader, JsonTokenType.String, "id");
                    slot.RequestId = Json.Text(ref reader) is { Length: <= 200 } id ? id : throw new UnreadableException("id", "deployments.id_form", "200");
                    break;
                case Part.Inputs:
                    rows = ReadInputs(ref reader, body, plan, slot);
                    break;
                case Part.Parameters:
                    ReadParameters(ref reader, slot, now);
                    break;
                default:
                    reader.Skip(); // which outputs: all there are, are given
                    break;
            }
        }

        reader.Read(); // nothing but space may follow
        if (!had.HasFlag(Part.Inputs))
            throw new UnreadableException("inputs", "required");
        foreach (var feature in plan.Features)
            if (!slot.Cells.HasSeen(feature.Index))
                slot.Faults.Add(-1, feature.Name, "deployments.value_missing");
        if (slot.Faults.Any || rows < 0)
            return;
        Json.CheckIds(slot, "parameters.prediction_ids");
        Json.CheckTimes(slot, "parameters.occurred_at");
    }

    [Flags]
    private enum Part
    {
        None = 0,
        Id = 1,
        Inputs = 2,
        Outputs = 4,
        Parameters = 8,
    }

    private static Part Name(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("inputs"u8) ? Part.Inputs
        : reader.ValueTextEquals("id"u8) ? Part.Id
        : reader.ValueTextEquals("outputs"u8) ? Part.Outputs
        : reader.ValueTextEquals("parameters"u8) ? Part.Parameters
        : throw new UnreadableException(Json.Text(ref reader) ?? "$", "deployments.property_unknown");

    private static void ReadParameters(ref Utf8JsonReader reader, ScoringSlot slot, DateTimeOffset now)
    {
        Json.Expect(ref reader, JsonTokenType.StartObject, "parameters");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prediction_ids"u8) && slot.CallerIds.Count == 0)
            {
                reader.Read();
                Json.ReadIds(ref reader, slot, "parameters.prediction_ids");
            }
            else if (reader.ValueTextEquals("occurred_at"u8) && slot.OccurredAt is null && !slot.HasTimes)
            {
                reader.Read();
                Json.ReadTimes(ref reader, slot, "parameters.occurred_at", now);
            }
            else
            {
                throw new UnreadableException("parameters." + Json.Text(ref reader), "deployments.property_unknown");
            }
        }
    }

    private static int ReadInputs(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot)
    {
        Json.Expect(ref reader, JsonTokenType.StartArray, "inputs");
        var rows = -1;
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index >= plan.Features.Length + plan.Inputs.Length)
                throw new UnreadableException("inputs", "deployments.inputs_many");
            var tensor = OipTensor.Read(ref reader, index);
            Place(tensor, body, plan, slot, ref rows);
        }

        return rows;
    }

    private static void Place(OipTensor tensor, ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, ref int rows)
    {
        var feature = plan.Find(tensor.Name);
        var input = feature < 0 ? plan.FindInput(tensor.Name) : null;
        if (feature < 0 && input is null)
        {
            slot.Faults.Add(-1, tensor.Name, "deployments.value_extra");
            return;
        }

        var width = input?.Width ?? 1;
        if (tensor.Columns != width)
            throw new UnreadableException($"{tensor.Name}.shape", "deployments.shape_width", Text(width), Text(tensor.Columns));
        if (rows >= 0 && tensor.Rows != rows)
            throw new UnreadableException($"{tensor.Name}.shape", "deployments.shape_rows", Text(rows), Text(tensor.Rows));
        if (tensor.Rows > PlainRequest.MaxRows)
            throw new TooManyRowsException();
        if (rows < 0)
            slot.Cells.Resize(rows = (int)tensor.Rows);
        ReadOnlySpan<int> columns = input is null ? [feature] : input.Features.AsSpan();
        foreach (var column in columns)
        {
            if (!slot.Cells.See(column))
                throw new UnreadableException(plan.Features[column].Name, "deployments.value_twice");
            if (!Fits(tensor.DataType, plan.Features[column].Type))
                throw new UnreadableException($"{tensor.Name}.datatype", "deployments.datatype", tensor.DataType, plan.Features[column].Name);
        }

        ReadData(tensor, body, plan, slot, columns);
    }

    /// <summary>The values, row after row, flat or nested.</summary>
    private static void ReadData(OipTensor tensor, ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, ReadOnlySpan<int> columns)
    {
        var reader = new Utf8JsonReader(body.Slice(tensor.DataStart, tensor.DataLength), Json.Strict);
        var expected = tensor.Rows * columns.Length;
        long count = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
                continue;
            if (count < expected)
            {
                var (row, column) = ((int)(count / columns.Length), (int)(count % columns.Length));
                CellReader.Read(ref reader, slot.Cells, plan.Features[columns[column]], row, slot.Faults);
            }
            else
            {
                reader.Skip();
            }

            count++;
        }

        if (count != expected)
            throw new UnreadableException($"{tensor.Name}.data", "deployments.data_count", Text(expected), Text(count));
    }

    private static bool Fits(string dataType, FeatureType type) => type switch
    {
        FeatureType.Number => dataType is "FP64" or "FP32" or "FP16" || IsWhole(dataType),
        FeatureType.Integer => IsWhole(dataType),
        FeatureType.Text => dataType is "BYTES",
        FeatureType.Boolean => dataType is "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type of feature without a datatype."),
    };

    private static bool IsWhole(string dataType) => dataType is "INT64" or "INT32" or "INT16" or "INT8" or "UINT64" or "UINT32" or "UINT16" or "UINT8";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
