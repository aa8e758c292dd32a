using System.Text.Json;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Writes the answers of both formats.</summary>
internal static class Replies
{
    private static readonly JsonEncodedText Model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Predictions = JsonEncodedText.Encode("predictions");
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Probability = JsonEncodedText.Encode("probability");
    private static readonly JsonEncodedText Prediction = JsonEncodedText.Encode("prediction");
    private static readonly JsonEncodedText Label = JsonEncodedText.Encode("label");
    private static readonly JsonEncodedText OccurredAt = JsonEncodedText.Encode("occurredAt");
    private static readonly JsonEncodedText Fallback = JsonEncodedText.Encode("fallback");

    /// <summary>{"model", "version", "occurredAt", "fallback"?, "predictions": [{"id", "probability" or "prediction", "label"?}]}; where the caller gave a time per row, each
    /// prediction has its own.</summary>
    public static void WritePlain(ScoringSlot slot, in AnswerFacts facts)
    {
        var json = slot.Json;
        json.WriteStartObject();
        json.WriteString(Model, facts.Name);
        json.WriteString(Version, facts.Label);
        if (!slot.HasTimes)
            json.WriteString(OccurredAt, facts.OccurredAt.UtcDateTime);
        if (facts.IsFallback)
            json.WriteBoolean(Fallback, true);
        json.WriteStartArray(Predictions);
        for (var row = 0; row < slot.Cells.Rows; row++)
        {
            json.WriteStartObject();
            json.WriteString(IdName, slot.Ids[row]);
            json.WriteNumber(facts.Plan.IsBinary ? Probability : Prediction, slot.Answers[row]);
            if (facts.Plan.IsBinary)
                json.WriteString(Label, LabelOf(facts.Plan, slot.Answers[row]));
            if (slot.HasTimes)
                json.WriteString(OccurredAt, slot.Times[row].UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>An inference response of the Open Inference Protocol v2: outputs "probability" FP64 and "label" BYTES, or "prediction" FP64.</summary>
    public static void WriteOip(ScoringSlot slot, in AnswerFacts facts)
    {
        var json = slot.Json;
        var rows = slot.Cells.Rows;
        json.WriteStartObject();
        json.WriteString("model_name"u8, facts.Name);
        json.WriteString("model_version"u8, facts.Label);
        if (slot.RequestId is { } id)
            json.WriteString(IdName, id);
        json.WriteStartObject("parameters"u8);
        if (slot.HasTimes)
        {
            json.WriteStartArray("occurred_at"u8);
            foreach (var time in slot.Times)
                json.WriteStringValue(time.UtcDateTime);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("occurred_at"u8, facts.OccurredAt.UtcDateTime);
        }

        if (facts.IsFallback)
            json.WriteBoolean(Fallback, true);
        json.WriteStartArray("prediction_ids"u8);
        foreach (var prediction in slot.Ids)
            json.WriteStringValue(prediction);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("outputs"u8);
        BeginOutput(json, facts.Plan.IsBinary ? Probability : Prediction, "FP64"u8, rows);
        for (var row = 0; row < rows; row++)
            json.WriteNumberValue(slot.Answers[row]);
        EndOutput(json);
        if (facts.Plan.IsBinary)
        {
            BeginOutput(json, Label, "BYTES"u8, rows);
            for (var row = 0; row < rows; row++)
                json.WriteStringValue(LabelOf(facts.Plan, slot.Answers[row]));
            EndOutput(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    public static string LabelOf(ScoringPlan plan, double probability) => probability >= plan.Threshold ? plan.Positive : plan.Negative;

    private static void BeginOutput(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<byte> dataType, int rows)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, dataType);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(rows);
        json.WriteEndArray();
        json.WriteStartArray("data"u8);
    }

    private static void EndOutput(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>What a reply says beside the answers.</summary>
/// <param name="Name">The endpoint's.</param>
/// <param name="Label">The model version's number, or "fallback".</param>
internal readonly record struct AnswerFacts(string Name, string Label, ScoringPlan Plan, DateTimeOffset OccurredAt, bool IsFallback);
