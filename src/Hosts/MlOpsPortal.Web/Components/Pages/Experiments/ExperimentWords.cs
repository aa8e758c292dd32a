using System.Text.Json;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>The words of runs and experiments.</summary>
internal static class ExperimentWords
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static (Tone Tone, string Word) Status(string status) => status switch
    {
        "RUNNING" => (Tone.Info, "running"),
        "SCHEDULED" => (Tone.Neutral, "scheduled"),
        "FINISHED" => (Tone.Ok, "finished"),
        "FAILED" => (Tone.Bad, "failed"),
        "KILLED" => (Tone.Warn, "killed"),
        _ => (Tone.Neutral, status.ToLowerInvariant()),
    };

    /// <summary>A metric in a table: four digits; what is not finite by its name.</summary>
    public static string Metric(double? value) => value switch
    {
        null => Numbers.None,
        double.NaN => "NaN",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "-∞",
        { } number => Numbers.Value(number),
    };

    public static string Eye(Eye eye) => eye switch
    {
        Experiments.Eye.First10 => "first 10",
        Experiments.Eye.First20 => "first 20",
        Experiments.Eye.All => "all",
        Experiments.Eye.None => "none",
        Experiments.Eye.Unfinished => "not finished",
        _ => throw new InvalidOperationException($"There is no eye {eye}."),
    };

    /// <summary>JSON over several lines; a text that is none as it is.</summary>
    public static string Json(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return JsonSerializer.Serialize(parsed.RootElement, Indented);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    public static string Runs(long count) => count == 1 ? "1 run" : $"{Numbers.Count(count)} runs";
}
