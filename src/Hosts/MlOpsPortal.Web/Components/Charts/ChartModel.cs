using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A line over the chart's positions; null is a gap. Colour 1..4 stands for one version on the whole page, 0 for reference or heuristic.</summary>
/// <param name="Sparse">It has values at some positions only: each is a dot, and the line goes on over those between.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values, int Colour = 1, bool Dashed = false, bool Sparse = false);

/// <summary>A named level, drawn dashed: "target 0.20".</summary>
public sealed record Threshold(string Name, double Value, Tone Tone = Tone.Bad);

/// <summary>A release or other event at a position, from 0.</summary>
public sealed record ReleaseMark(double At, string Name);

/// <summary>An incident or other span between two positions, from 0.</summary>
public sealed record ChartBand(double From, double To, string Name, Tone Tone = Tone.Bad);

/// <summary>A point of a curve or scatter.</summary>
public readonly record struct XyPoint(double X, double Y);

public enum XyKind
{
    Line,
    Dots,
    LineAndDots,
}

/// <summary>A curve or cloud of points; colour as in <see cref="ChartSeries"/>.</summary>
public sealed record XySeries(string Name, IReadOnlyList<XyPoint> Points, int Colour = 1, XyKind Kind = XyKind.Line);

/// <summary>A bar: what it stands for and how long it is.</summary>
public sealed record ChartBar(string Label, double Value);

internal static class ChartColours
{
    public static string Css(int colour) => colour switch
    {
        0 => "var(--s0)",
        1 => "var(--s1)",
        2 => "var(--s2)",
        3 => "var(--s3)",
        4 => "var(--s4)",
        _ => throw new ArgumentOutOfRangeException(nameof(colour), colour, "Colours are 1 to 4, and 0 for reference."),
    };
}
