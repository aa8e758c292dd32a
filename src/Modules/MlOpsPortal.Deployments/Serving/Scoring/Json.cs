using System.Text.Json;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>What both request formats read alike.</summary>
internal static class Json
{
    public static readonly JsonReaderOptions Strict = new() { MaxDepth = 16, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };

    private const int MaxId = 100;
    private const int DaysBack = 3650;

    /// <returns>Null when its escapes make no text (half a surrogate pair, bytes that are no UTF-8).</returns>
    public static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string field)
    {
        if (reader.TokenType != type)
            throw new UnreadableException(field, "deployments.value_type", Word(type), Word(reader.TokenType));
    }

    /// <summary>Reads the caller's prediction ids: texts, each once.</summary>
    public static void ReadIds(ref Utf8JsonReader reader, ScoringSlot slot, string field)
    {
        Expect(ref reader, JsonTokenType.StartArray, field);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.String, field);
            var id = Text(ref reader);
            if (id is not { Length: > 0 and <= MaxId } || id.Any(character => character is <= ' ' or > '~'))
                throw new UnreadableException(field, "deployments.id_form", "100");
            slot.CallerIds.Add(id);
        }
    }

    /// <summary>When the predictions happened: one time for all, or a list of one per row; each with its offset, not older than ten years, not more than a day ahead.</summary>
    public static void ReadTimes(ref Utf8JsonReader reader, ScoringSlot slot, string field, DateTimeOffset now)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            slot.OccurredAt = ReadTime(ref reader, field, now);
            return;
        }

        slot.HasTimes = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            slot.Times.Add(ReadTime(ref reader, field, now));
    }

    private static DateTimeOffset ReadTime(ref Utf8JsonReader reader, string field, DateTimeOffset now)
    {
        Expect(ref reader, JsonTokenType.String, field);
        var text = Text(ref reader);
        if (text is null || !text.AsSpan().ContainsAny('Z', '+', '-') || !reader.TryGetDateTimeOffset(out var time))
            throw new UnreadableException(field, "deployments.time_form");
        time = time.ToUniversalTime();
        if (time < now.AddDays(-DaysBack) || time > now.AddDays(1))
            throw new UnreadableException(field, "deployments.time_range");
        return new DateTimeOffset(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>A list of times has one per row.</summary>
    public static void CheckTimes(ScoringSlot slot, string field)
    {
        if (slot.HasTimes && slot.Times.Count != slot.Cells.Rows)
            throw new UnreadableException(field, "deployments.times_count");
    }

    /// <summary>Ids are one per row, and each once.</summary>
    public static void CheckIds(ScoringSlot slot, string field)
    {
        if (slot.CallerIds.Count == 0)
            return;
        if (slot.CallerIds.Count != slot.Cells.Rows)
            throw new UnreadableException(field, "deployments.ids_count");
        if (slot.CallerIds.Count > 1 && new HashSet<string?>(slot.CallerIds, StringComparer.Ordinal).Count != slot.CallerIds.Count)
            throw new UnreadableException(field, "deployments.ids_twice");
    }

    public static string Word(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject or JsonTokenType.EndObject => "an object",
        JsonTokenType.StartArray or JsonTokenType.EndArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        JsonTokenType.None => "nothing",
        _ => type.ToString(),
    };
}
