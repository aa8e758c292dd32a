using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlOpsPortal.Cli.Reports;

/// <summary>How it ended.</summary>
internal enum Ending
{
    Complete,
    CompleteWithNotes,
    Interrupted,
    Failed,
}

/// <summary>The frame around the figures.</summary>
/// <param name="Failure">The sentence it ended with; null when it did not fail.</param>
internal sealed record Summary(string Command, string From, string To, DateTimeOffset Started, TimeSpan Took, Ending Ending, string? Failure = null);

/// <summary>The report as a person reads it, and as a program does.</summary>
internal static class ReportText
{
    /// <summary>Lines of one reason that the text shows; the JSON report has all.</summary>
    private const int LinesAReason = 10;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Words(Kind kind) => kind switch
    {
        Kind.Experiments => "experiments",
        Kind.Runs => "runs",
        Kind.MetricPoints => "metric points",
        Kind.Parameters => "parameters",
        Kind.Tags => "tags",
        Kind.DatasetInputs => "dataset inputs",
        Kind.ModelLinks => "model links",
        Kind.Files => "files",
        Kind.LoggedModels => "logged models",
        Kind.RegisteredModels => "registered models",
        Kind.ModelVersions => "model versions",
        Kind.Aliases => "aliases",
        Kind.Stages => "stages",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of the report."),
    };

    public static string Text(Report report, Summary summary)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{summary.Command}: {summary.From} -> {summary.To}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",-18}{"read",12}{"written",12}{"there",12}{"skipped",12}");
        foreach (var count in report.Counts.Where(count => count.Read > 0))
            text.AppendLine(CultureInfo.InvariantCulture, $"{Words(count.Kind),-18}{count.Read,12:N0}{count.Written,12:N0}{count.Present,12:N0}{count.Skipped,12:N0}");
        text.AppendLine();
        Append(text, report.Notes.Where(note => note.Attention), "Not copied");
        Append(text, report.Notes.Where(note => !note.Attention), "To know");
        var seconds = Math.Max(summary.Took.TotalSeconds, 0.001);
        text.AppendLine(CultureInfo.InvariantCulture, $"{Words(summary.Ending)} in {seconds:N1} s, {report.Of(Kind.Runs).Read / seconds:N0} runs/s, {report.Bytes / 1e6:N1} MB of files.");
        return text.ToString();
    }

    public static string JsonText(Report report, Summary summary) => JsonSerializer.Serialize(
        new { summary.Command, summary.From, summary.To, summary.Started, Seconds = summary.Took.TotalSeconds, summary.Ending, summary.Failure, report.Bytes, report.Counts, report.Notes }, Json);

    private static string Words(Ending ending) => ending switch
    {
        Ending.Complete => "Complete",
        Ending.CompleteWithNotes => "Complete but for what is listed above",
        Ending.Interrupted => "Interrupted; the same command continues",
        Ending.Failed => "Ended early; the same command continues",
        _ => throw new ArgumentOutOfRangeException(nameof(ending), ending, "Not an ending."),
    };

    private static void Append(StringBuilder text, IEnumerable<Note> notes, string title)
    {
        var reasons = notes.GroupBy(note => (note.Kind, note.Reason)).ToList();
        if (reasons.Count == 0) return;
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}:");
        foreach (var reason in reasons)
        {
            var named = reason.Select(note => note.What).Where(what => what.Length > 0).ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"  {Words(reason.Key.Kind)}: {reason.Key.Reason}");
            foreach (var what in named.Take(LinesAReason)) text.AppendLine(CultureInfo.InvariantCulture, $"    {what}");
            if (named.Count > LinesAReason) text.AppendLine(CultureInfo.InvariantCulture, $"    and {named.Count - LinesAReason} more (all are in --report)");
        }

        text.AppendLine();
    }
}
