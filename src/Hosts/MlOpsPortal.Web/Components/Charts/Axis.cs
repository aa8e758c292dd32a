using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A number axis with round ticks (steps of 1, 2 or 5 times a power of ten) that cover the data.</summary>
public sealed class Axis
{
    private readonly int decimals;

    private Axis(double min, double max, double step)
    {
        Min = min;
        Max = max;
        decimals = Enumerable.Range(0, 9).FirstOrDefault(digits => Whole(step * Math.Pow(10, digits)), 9);
        var count = (int)Math.Round((max - min) / step);
        Ticks = [.. Enumerable.Range(0, count + 1).Select(index => min + (index * step))];
    }

    public double Min { get; }

    public double Max { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Round bounds around the finite values; equal values get room on both sides, no values give 0 to 1.</summary>
    public static Axis Around(IEnumerable<double> values, int ticks = 6)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max)
            (min, max) = (0, 1);
        if (max - min < Math.Max(1e-12, Math.Abs(max) * 1e-9))
        {
            var room = max == 0 ? 1 : Math.Abs(max) * 0.1;
            (min, max) = (min - room, max + room);
        }
        var step = Step((max - min) / Math.Max(1, ticks - 1));
        return new Axis(Math.Floor((min / step) + 1e-9) * step, Math.Ceiling((max / step) - 1e-9) * step, step);
    }

    /// <summary>Exactly these bounds in equal steps, such as 0 to 1.</summary>
    public static Axis Fixed(double min, double max, double step) => new(min, max, step);

    /// <summary>Position from 0 to 1.</summary>
    public double At(double value) => (value - Min) / (Max - Min);

    public string Text(double tick)
    {
        var rounded = Math.Round(tick, decimals);
        return (rounded == 0 ? 0 : rounded).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);
    }

    /// <summary>A level between the ticks: with their decimals where that says it exactly.</summary>
    public string Level(double value) => Whole(value * Math.Pow(10, decimals)) ? Text(value) : Numbers.Value(value);

    private static bool Whole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6;

    private static double Step(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
