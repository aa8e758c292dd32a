using System.Globalization;
using System.Text.Json;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>One tensor of a request: its description, and where in the body its data stand (they may come before the description).</summary>
internal readonly record struct OipTensor(string Name, string DataType, long Rows, long Columns, int DataStart, int DataLength)
{
    /// <summary>The reader stands on the tensor's object; on return, on its end.</summary>
    public static OipTensor Read(ref Utf8JsonReader reader, int index)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"inputs[{index}]");
        Json.Expect(ref reader, JsonTokenType.StartObject, at);
        string? name = null, dataType = null;
        (long Rows, long Columns)? shape = null;
        (int Start, int Length)? data = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (name is null && reader.ValueTextEquals("name"u8))
                name = Text(ref reader, at, "name");
            else if (dataType is null && reader.ValueTextEquals("datatype"u8))
                dataType = Text(ref reader, at, "datatype");
            else if (shape is null && reader.ValueTextEquals("shape"u8))
                shape = Shape(ref reader, at);
            else if (data is null && reader.ValueTextEquals("data"u8))
                data = Data(ref reader, at);
            else if (reader.ValueTextEquals("parameters"u8))
                reader.Skip();
            else
                throw new UnreadableException($"{at}.{Json.Text(ref reader)}", "deployments.property_unknown");
        }

        return new OipTensor(
            name ?? throw Missing(at, "name"), dataType ?? throw Missing(at, "datatype"), (shape ?? throw Missing(at, "shape")).Rows, shape.Value.Columns,
            (data ?? throw Missing(at, "data")).Start, data.Value.Length);
    }

    private static UnreadableException Missing(string at, string what) => new($"{at}.{what}", "required");

    private static string Text(ref Utf8JsonReader reader, string at, string what)
    {
        reader.Read();
        Json.Expect(ref reader, JsonTokenType.String, $"{at}.{what}");
        return Json.Text(ref reader) ?? throw new UnreadableException($"{at}.{what}", "deployments.value_text");
    }

    private static (long Rows, long Columns) Shape(ref Utf8JsonReader reader, string at)
    {
        reader.Read();
        Json.Expect(ref reader, JsonTokenType.StartArray, $"{at}.shape");
        long rows = -1, columns = 1;
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var dimension) || dimension is < 0 or > 10_000_000 || ++rank > 4)
                throw new UnreadableException($"{at}.shape", "deployments.shape_form");
            if (rank == 1)
                rows = dimension;
            else
                columns = Math.Min(columns * dimension, int.MaxValue);
        }

        return rank == 0 ? throw new UnreadableException($"{at}.shape", "deployments.shape_form") : (rows, columns);
    }

    private static (int Start, int Length) Data(ref Utf8JsonReader reader, string at)
    {
        reader.Read();
        Json.Expect(ref reader, JsonTokenType.StartArray, $"{at}.data");
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return (start, (int)reader.BytesConsumed - start);
    }
}
