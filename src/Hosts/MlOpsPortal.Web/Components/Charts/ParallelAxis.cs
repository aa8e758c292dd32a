using System.Globalization;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>One axis of parallel coordinates: numbers on a round scale, or names in order. Place and text of each run's value.</summary>
public sealed class ParallelAxis
{
    private readonly Axis? scale;
    private readonly List<string> names = [];

    /// <param name="key">Says it apart from the others, as in the address: "param:lr".</param>
    /// <param name="name">What a reader sees.</param>
    /// <param name="values">One for each run, in the runs' order.</param>
    public ParallelAxis(string key, string name, IReadOnlyList<string?> values)
    {
        (Key, Name, Values) = (key, name, values);
        Numbers = [.. values.Select(Number)];
        IsNumeric = values.Any(value => value is not null) && values.Zip(Numbers).All(pair => pair.First is null || pair.Second is not null);
        if (IsNumeric)
            scale = Axis.Around(Numbers.OfType<double>(), 5);
        else
            names = [.. values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public string Key { get; }

    public string Name { get; }

    public IReadOnlyList<string?> Values { get; }

    public IReadOnlyList<double?> Numbers { get; }

    public bool IsNumeric { get; }

    /// <summary>The names of an axis without numbers, from the bottom.</summary>
    public IReadOnlyList<string> Names => names;

    public IReadOnlyList<(double At, string Text)> Ticks => scale is not null
        ? [.. scale.Ticks.Select(tick => (scale.At(tick), scale.Text(tick)))]
        : [.. names.Select((name, index) => (Place(index), name))];

    /// <summary>Where a run's line crosses, 0 at the bottom to 1; null where it has no value.</summary>
    public double? At(int run) => scale is not null
        ? Numbers[run] is { } number ? scale.At(number) : null
        : Values[run] is { } value ? Place(names.BinarySearch(value, StringComparer.Ordinal)) : null;

    /// <summary>The height of a number, also of one no run has.</summary>
    public double Share(double value) => scale?.At(value) ?? value;

    /// <summary>A brush that is drawn between two heights: numbers with four digits, or the names within; null when it holds none.</summary>
    public Brush? Between(double low, double high)
    {
        if (scale is not null)
            return new Brush(Rounded(low), Rounded(high));
        var within = names.Where((_, index) => Place(index) >= low && Place(index) <= high).ToList();
        return within.Count == 0 ? null : new Brush(null, null, within);

        double Rounded(double at)
        {
            var step = (scale.Max - scale.Min) / 1000;
            var unit = Math.Pow(10, Math.Floor(Math.Log10(step)));
            return Math.Round(Math.Round((scale.Min + (at * (scale.Max - scale.Min))) / unit) * unit, 12);
        }
    }

    /// <summary>Does the run pass the brush? One without a value passes none.</summary>
    public bool Passes(int run, Brush brush) => brush.Names is { } chosen
        ? Values[run] is { } value && chosen.Contains(value, StringComparer.Ordinal)
        : Numbers[run] is { } number && number >= (brush.Low ?? double.NegativeInfinity) && number <= (brush.High ?? double.PositiveInfinity);

    /// <summary>A finite number, written as programs write it.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private double Place(int index) => names.Count < 2 ? 0.5 : (double)index / (names.Count - 1);
}

/// <summary>The part of an axis that is looked at: from low to high, or certain names.</summary>
public sealed record Brush(double? Low, double? High, IReadOnlyList<string>? Names = null)
{
    public bool IsOpen => Low is null && High is null && Names is null;

    /// <summary>"0.1..0.5", "..3"; names are joined by "|".</summary>
    public static Brush? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text[0] == '=')
            return new Brush(null, null, [.. text[1..].Split('|').Select(Uri.UnescapeDataString)]);
        var cut = text.IndexOf("..", StringComparison.Ordinal);
        if (cut < 0)
            return null;
        var brush = new Brush(ParallelAxis.Number(text[..cut]), ParallelAxis.Number(text[(cut + 2)..]));
        return brush.IsOpen ? null : brush;
    }

    public override string ToString() => Names is { } names
        ? "=" + string.Join('|', names.Select(Uri.EscapeDataString))
        : $"{Low?.ToString("R", CultureInfo.InvariantCulture)}..{High?.ToString("R", CultureInfo.InvariantCulture)}";
}
