using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Tracking.Logging;

namespace MlOpsPortal.MlflowApi;

/// <summary>The body of log-batch, read straight from its bytes when it is as clients write it. Whatever is unusual about it (another type, an escape that is
/// no text, a doubly encoded body) is read again in the patient way, which also finds the words to refuse it.</summary>
internal static class LogBatchReader
{
    /// <summary>Bytes. A legal batch may have 1.4 MB, and more as escapes.</summary>
    private const long MaxBody = 16L * 1024 * 1024;

    public sealed record Request(string Run, LogBatch Batch);

    public static async Task<Result<Request>> ReadAsync(MlflowCall call)
    {
        call.AllowBody(MaxBody);
        var pipe = call.Context.Request.BodyReader;
        ReadResult read;
        while (!(read = await pipe.ReadAsync(call.Aborted)).IsCompleted)
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var result = Read(read.Buffer);
        pipe.AdvanceTo(read.Buffer.End);
        return result;
    }

    internal static Result<Request> Read(ReadOnlySequence<byte> body) => ReadFast(body) is { Run.Length: > 0 } fast ? fast : ReadPatiently(body);

    /// <returns>Null when anything is unusual.</returns>
    private static Request? ReadFast(ReadOnlySequence<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            return ReadObject(ref json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Request? ReadObject(ref Utf8JsonReader json)
    {
        var run = "";
        List<LoggedMetric> metrics = [];
        List<KeyValuePair<string, string>> tags = [], parameters = [];
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var fine = true;
            if (json.ValueTextEquals("run_id"u8))
                (run, fine) = json.Read() && json.TokenType == JsonTokenType.String ? (json.GetString()!, true) : ("", false); // a string token is no null
            else if (json.ValueTextEquals("metrics"u8))
                fine = ReadMetrics(ref json, metrics);
            else if (json.ValueTextEquals("params"u8))
                fine = ReadPairs(ref json, parameters);
            else if (json.ValueTextEquals("tags"u8))
                fine = ReadPairs(ref json, tags);
            else
                json.Skip();
            if (!fine)
                return null;
        }

        // What follows the object, if anything, makes it no JSON.
        return json.TokenType == JsonTokenType.EndObject && !json.Read() && !run.Contains('\0', StringComparison.Ordinal) ? new Request(run, new LogBatch(metrics, parameters, tags)) : null;
    }

    private static bool ReadMetrics(ref Utf8JsonReader json, List<LoggedMetric> metrics)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            return false;
        string? before = null;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            if (ReadMetric(ref json, before) is not { } metric)
                return false;
            metrics.Add(metric);
            before = metric.Key;
        }

        return json.TokenType == JsonTokenType.EndArray;
    }

    /// <param name="before">The key of the one before, which is most often the same.</param>
    private static LoggedMetric? ReadMetric(ref Utf8JsonReader json, string? before)
    {
        string? key = null, model = null, dataset = null, digest = null;
        double? value = null;
        long? timestamp = null;
        long step = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("key"u8))
                key = json.Read() && before is not null && json.TokenType == JsonTokenType.String && json.ValueTextEquals(before) ? before : json.GetString();
            else if (json.ValueTextEquals("value"u8))
                value = json.Read() && json.TokenType == JsonTokenType.Number ? json.GetDouble() : Doubles.Parse(json.GetString());
            else if (json.ValueTextEquals("timestamp"u8))
                timestamp = json.Read() ? json.GetInt64() : null;
            else if (json.ValueTextEquals("step"u8))
                step = json.Read() ? json.GetInt64() : 0;
            else if (json.ValueTextEquals("model_id"u8))
                model = json.Read() ? json.GetString() : null;
            else if (json.ValueTextEquals("dataset_name"u8))
                dataset = json.Read() ? json.GetString() : null;
            else if (json.ValueTextEquals("dataset_digest"u8))
                digest = json.Read() ? json.GetString() : null;
            else
                json.Skip();
        }

        return key is { Length: > 0 } && !HasZero(key) && !HasZero(dataset) && !HasZero(digest) && value is { } number && timestamp is { } time && json.TokenType == JsonTokenType.EndObject
            ? new LoggedMetric(key, number, time, step, model, dataset, digest)
            : null;
    }

    private static bool ReadPairs(ref Utf8JsonReader json, List<KeyValuePair<string, string>> pairs)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string? key = null, value = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("key"u8))
                    key = json.Read() ? json.GetString() : null;
                else if (json.ValueTextEquals("value"u8))
                    value = json.Read() ? json.GetString() : null;
                else
                    json.Skip();
            }

            if (key is not { Length: > 0 } || HasZero(key) || HasZero(value))
                return false;
            pairs.Add(KeyValuePair.Create(key, value ?? ""));
        }

        return json.TokenType == JsonTokenType.EndArray;
    }

    private static bool HasZero(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private static Result<Request> ReadPatiently(ReadOnlySequence<byte> body)
    {
        var fields = MlflowFields.Parse(body);
        var run = fields.Required("run_id");
        var metrics = fields.Items("metrics").Select(metric =>
        {
            var (key, value, timestamp) = (metric.Required("key"), metric.Double("value"), metric.Int64("timestamp"));
            if (value is null)
                metric.Missing("value");
            if (timestamp is null)
                metric.Missing("timestamp");
            return new LoggedMetric(key, value ?? 0, timestamp ?? 0, metric.Int64("step") ?? 0, metric.Text("model_id"), metric.Text("dataset_name"), metric.Text("dataset_digest"));
        }).ToList();
        var batch = new LogBatch(metrics, fields.Pairs("params"), fields.Pairs("tags"));
        return fields.Fault is { } fault ? fault : new Request(run, batch);
    }
}
