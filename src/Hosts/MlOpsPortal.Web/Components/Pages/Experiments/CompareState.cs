using System.Collections.Immutable;
using System.Web;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

public enum CompareChart
{
    Parallel,
    Scatter,
    Box,
    Contour,
}

/// <summary>All that a link to a comparison restores: the runs in their order, the chart with its axes and limits, and which sections show only what differs.</summary>
public sealed record CompareState
{
    public const int Most = 100;

    /// <summary>From this many runs on, sections show only what differs unless told otherwise.</summary>
    public const int Many = 4;

    public static readonly IReadOnlyList<string> Sections = ["details", "params", "metrics", "tags", "artifacts"];

    public ImmutableArray<string> Runs { get; init; } = [];

    public CompareChart Chart { get; init; }

    /// <summary>Axes of the parallel coordinates; null until somebody chooses.</summary>
    public ImmutableArray<string>? Axes { get; init; }

    public string? X { get; init; }

    public string? Y { get; init; }

    public string? Z { get; init; }

    public ImmutableDictionary<string, Brush> Brushes { get; init; } = ImmutableDictionary<string, Brush>.Empty;

    /// <summary>Sections that show only what differs; null until somebody chooses.</summary>
    public ImmutableArray<string>? Diff { get; init; }

    /// <summary>The run whose metrics the others' are told as differences to; null for none.</summary>
    public string? Baseline { get; init; }

    public bool DiffOnly(string section) => Diff?.Contains(section, StringComparer.Ordinal) ?? Runs.Length >= Many;

    /// <summary>The same with a section turned around.</summary>
    public CompareState TurnDiff(string section) => this with { Diff = RunTableState.Turn([.. Sections.Where(DiffOnly)], section) };

    public CompareState Limit(string axis, Brush? brush) => this with { Brushes = brush is null ? Brushes.Remove(axis) : Brushes.SetItem(axis, brush) };

    public static CompareState Read(string uri)
    {
        var query = HttpUtility.ParseQueryString(new Uri(uri).Query);
        return new CompareState
        {
            Runs = [.. (query["runs"] ?? "").Split([',', '.'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(Most)],
            Chart = Enum.TryParse<CompareChart>(query["plot"], ignoreCase: true, out var chart) && Enum.IsDefined(chart) ? chart : CompareChart.Parallel,
            Axes = query["axes"] is { } axes ? [.. axes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)] : null,
            X = query["px"],
            Y = query["py"],
            Z = query["pz"],
            Brushes = (query.GetValues("limit") ?? []).Select(Limit).OfType<KeyValuePair<string, Brush>>().DistinctBy(pair => pair.Key, StringComparer.Ordinal).ToImmutableDictionary(StringComparer.Ordinal),
            Diff = query["diff"] is { } diff ? [.. diff.Split('.', StringSplitOptions.RemoveEmptyEntries).Where(section => Sections.Contains(section, StringComparer.Ordinal))] : null,
            Baseline = query["base"],
        };
    }

    public string ToQuery()
    {
        var parts = new List<string> { "runs=" + string.Join(',', Runs.Select(Uri.EscapeDataString)) };
        Add("plot", Chart == CompareChart.Parallel ? null : Chart.ToString().ToLowerInvariant());
        if (Axes is { } axes)
            parts.Add("axes=" + Uri.EscapeDataString(string.Join(',', axes.Select(Uri.EscapeDataString))));
        Add("px", X);
        Add("py", Y);
        Add("pz", Z);
        foreach (var (axis, brush) in Brushes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Add("limit", $"{Uri.EscapeDataString(axis)}={brush}");
        if (Diff is { } diff)
            parts.Add("diff=" + string.Join('.', diff));
        Add("base", Baseline);
        return "?" + string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }

    private static KeyValuePair<string, Brush>? Limit(string text)
    {
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        return cut > 0 && Brush.Parse(text[(cut + 1)..]) is { } brush ? new(Uri.UnescapeDataString(text[..cut]), brush) : null;
    }
}
