using MlOpsPortal.Web.Components.Pages.Experiments;

namespace MlOpsPortal.Web.Pages.Experiments;

/// <summary>Runs for tests, in one line each.</summary>
internal static class TestRuns
{
    public static readonly DateTimeOffset Begin = new(2025, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static RunRow Run(string id, string? parent = null, string status = "FINISHED", (string, double)[]? metrics = null, (string, string)[]? parameters = null) => new()
    {
        Id = id,
        Name = "name-" + id,
        Experiment = "0",
        Status = status,
        User = "mara",
        Start = Begin,
        End = Begin.AddSeconds(90),
        Metrics = (metrics ?? []).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
        Params = (parameters ?? []).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
        Tags = parent is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["mlflow.parentRunId"] = parent },
    };
}
