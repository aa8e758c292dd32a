using System.Globalization;
using System.Text.Json;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Reads <c>{"rows":[{feature: value, …}, …], "predictionIds":[…]?, "occurredAt":"…" or one per row […]?}</c>.</summary>
internal static class PlainRequest
{
    public const int MaxRows = 10_000;

    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="UnreadableException">It is other JSON.</exception>
    /// <exception cref="TooManyRowsException">More than <see cref="MaxRows"/>.</exception>
    public static void Read(ReadOnlySpan<byte> body, ScoringPlan plan, ScoringSlot slot, DateTimeOffset now)
    {
        var reader = new Utf8JsonReader(body, Json.Strict);
        slot.Cells.Begin(plan.Features.Length);
        reader.Read();
        Json.Expect(ref reader, JsonTokenType.StartObject, "$");
        var (rows, ids, time) = (false, false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Once(ref reader, "rows"u8, ref rows))
                ReadRows(ref reader, plan, slot);
            else if (Once(ref reader, "predictionIds"u8, ref ids))
                Json.ReadIds(ref reader, slot, "predictionIds");
            else if (Once(ref reader, "occurredAt"u8, ref time))
                Json.ReadTimes(ref reader, slot, "occurredAt", now);
            else
                throw new UnreadableException(Json.Text(ref reader) ?? "$", "deployments.property_unknown");
        }

        reader.Read(); // nothing but space may follow: the reader refuses it otherwise
        if (!rows)
            throw new UnreadableException("rows", "required");
        Json.CheckIds(slot, "predictionIds");
        Json.CheckTimes(slot, "occurredAt");
    }

    /// <summary>Is it this property? Then the reader goes to its value.</summary>
    private static bool Once(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, ref bool had)
    {
        if (!reader.ValueTextEquals(name))
            return false;
        if (had)
            throw new UnreadableException(System.Text.Encoding.UTF8.GetString(name), "deployments.value_twice");
        had = true;
        reader.Read();
        return true;
    }

    private static void ReadRows(ref Utf8JsonReader reader, ScoringPlan plan, ScoringSlot slot)
    {
        Json.Expect(ref reader, JsonTokenType.StartArray, "rows");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var row = slot.Cells.Rows;
            if (row == MaxRows)
                throw new TooManyRowsException();
            if (reader.TokenType != JsonTokenType.StartObject)
                Json.Expect(ref reader, JsonTokenType.StartObject, string.Create(CultureInfo.InvariantCulture, $"rows[{row}]"));
            slot.Cells.AddRow();
            ReadRow(ref reader, plan, slot, row);
        }
    }

    private static void ReadRow(ref Utf8JsonReader reader, ScoringPlan plan, ScoringSlot slot, int row)
    {
        var features = plan.Features;
        var (count, next) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Most callers write features in the contract's order.
            var index = next < features.Length && reader.ValueTextEquals(features[next].Utf8Name.AsSpan()) ? next : Find(ref reader, plan);
            if (index < 0)
            {
                slot.Faults.Add(row, Json.Text(ref reader) ?? "?", "deployments.value_extra");
                reader.Read();
                reader.Skip();
                continue;
            }

            next = index + 1;
            reader.Read();
            if (!slot.Cells.See(index))
            {
                slot.Faults.Add(row, features[index].Name, "deployments.value_twice");
                reader.Skip();
                continue;
            }

            count++;
            CellReader.Read(ref reader, slot.Cells, features[index], row, slot.Faults);
        }

        if (count == features.Length)
            return;
        foreach (var feature in features)
            if (!slot.Cells.HasSeen(feature.Index))
                slot.Faults.Add(row, feature.Name, "deployments.value_missing");
    }

    private static int Find(ref Utf8JsonReader reader, ScoringPlan plan)
    {
        const int Longest = 1024;
        if (reader.ValueSpan.Length > Longest)
            return -1;
        Span<char> name = stackalloc char[Longest];
        try
        {
            return plan.Find(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            return -1; // escapes that make no text are nobody's name
        }
    }
}

internal sealed class TooManyRowsException() : Exception("Too many rows.");
