using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Platform.Csv;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.Actuals;

/// <summary>Outcomes as CSV in UTF-8: a header with prediction_id, value and perhaps at; commas or semicolons, fields perhaps in quotes. Small and strict: read in managed code, bounded by rows.</summary>
internal static class ActualCsv
{
    private const int MaxLine = 4096;
    private static readonly string[] IdNames = ["prediction_id", "predictionid", "id"];
    private static readonly string[] ValueNames = ["value", "actual", "outcome"];
    private static readonly string[] TimeNames = ["at", "event_at", "time"];

    public static async Task<Result<List<Actual>>> ReadAsync(Stream csv, ModelContract? contract, DateTimeOffset now, int mostRows, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(csv, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        try
        {
            var header = await reader.ReadLineAsync(cancellationToken);
            if (header is null || header.Length > MaxLine)
                return MonitoringErrors.CsvHeader();
            var separator = header.Contains(';', StringComparison.Ordinal) ? ';' : ',';
            List<string> names = [.. (Fields(header, separator) ?? []).Select(name => name.Trim().ToLowerInvariant())];
            int id = Find(names, IdNames), value = Find(names, ValueNames), at = Find(names, TimeNames);
            if (id < 0 || value < 0)
                return MonitoringErrors.CsvHeader();
            var actuals = new List<Actual>();
            for (var line = 2; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
            {
                if (text.Length == 0)
                    continue;
                if (actuals.Count == mostRows)
                    return MonitoringErrors.TooMany(mostRows);
                if (text.Length > MaxLine || Fields(text, separator) is not { } row || row.Length != names.Count)
                    return MonitoringErrors.CsvLine(line);
                var read = Row(row, line, id, value, at, contract, now);
                if (!read.IsOk)
                    return read.Refusal;
                actuals.Add(read.Value.Actual);
            }

            return actuals;
        }
        catch (DecoderFallbackException)
        {
            return MonitoringErrors.CsvEncoding();
        }
    }

    private sealed record ReadRow(Actual Actual);

    private static Result<ReadRow> Row(ImmutableArray<string> row, int line, int id, int value, int at, ModelContract? contract, DateTimeOffset now)
    {
        DateTimeOffset? when = null;
        if (at >= 0 && row[at].Length > 0)
        {
            if (!DateTimeOffset.TryParse(row[at], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
                return MonitoringErrors.CsvLine(line);
            when = parsed;
        }

        var number = ActualRows.Value(row[value], contract);
        var faults = new Faults();
        ActualRows.Check(faults, string.Create(CultureInfo.InvariantCulture, $"line {line}"), row[id], number, when, contract, now);
        return faults.Refusal is { } refusal ? refusal : new ReadRow(new Actual(row[id], PredictionLog.PredictionIntake.Microseconds(when ?? now), number ?? 0));
    }

    private static int Find(List<string> names, string[] known) => names.FindIndex(name => known.Contains(name, StringComparer.Ordinal));

    /// <returns>Null when a quote is not closed, or when there is nothing in the line.</returns>
    private static ImmutableArray<string>? Fields(string line, char separator) => CsvRecords.Of(line, separator).ToList() is [{ IsOpen: false } record] ? record.Cells : null;
}
