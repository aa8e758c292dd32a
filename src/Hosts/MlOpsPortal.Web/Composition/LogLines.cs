using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MlOpsPortal.Web.Composition;

/// <summary>The log as text: time, level, category, the trace id that the answer or page of the failure shows, message. What callers wrote cannot begin a line of its own or steer a terminal: further lines are
/// indented, other control characters written as their number.</summary>
internal sealed class LogLines(TimeProvider time) : ConsoleFormatter(Formatter)
{
    public const string Formatter = "lines";
    private const string Indent = "\n      ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z '", CultureInfo.InvariantCulture));
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(logEntry.Category);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            textWriter.Write($" [{activity.TraceId.ToHexString()}]");
        textWriter.Write(": ");
        WriteClean(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(Indent);
            WriteClean(textWriter, exception.ToString());
        }

        textWriter.Write('\n');
    }

    private static void WriteClean(TextWriter writer, string text)
    {
        foreach (var character in text)
        {
            if (character == '\n')
                writer.Write(Indent);
            else if (char.IsControl(character) && character is not ('\r' or '\t'))
                writer.Write($"\\u{(int)character:x4}");
            else if (character != '\r')
                writer.Write(character);
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce ",
        LogLevel.Debug => "dbug ",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "fail ",
        LogLevel.Critical => "crit ",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "A level without a word."),
    };
}
