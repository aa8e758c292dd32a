using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A number axis with round ticks (steps of 1, 2 or 5 times a power of ten; powers of ten where it is logarithmic) that cover the data.</summary>
public sealed class Axis
{
    private const int MostPowers = 7;
    private readonly int decimals;

    private Axis(IReadOnlyList<double> ticks, double min, double max) => (IsLog, Ticks, Min, Max) = (true, ticks, min, max);

    private Axis(double min, double max, double step)
    {
        Min = min;
        Max = max;
        decimals = Enumerable.Range(0, 9).FirstOrDefault(digits => Whole(step * Math.Pow(10, digits)), 9);
        var count = (int)Math.Round((max - min) / step);
        Ticks = [.. Enumerable.Range(0, count + 1).Select(index => min + (index * step))];
    }

    public bool IsLog { get; }

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

    /// <summary>Around the positive finite values, in powers of ten; within one power it has the ticks of a linear axis. Without positive values it is linear.</summary>
    public static Axis Log(IEnumerable<double> values)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(value => double.IsFinite(value) && value > 0))
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max)
            return Around([]);
        var (low, high) = ((int)Math.Floor(Math.Log10(min) + 1e-9), (int)Math.Ceiling(Math.Log10(max) - 1e-9));
        if (high - low <= 1)
        {
            var plain = Around([min, max]);
            var ticks = plain.Ticks.Where(tick => tick > 0).ToList();
            return new Axis(ticks, Math.Min(min, ticks[0]), Math.Max(max, ticks[^1]));
        }
        var every = (int)Math.Ceiling((high - low) / (double)MostPowers);
        return new Axis([.. Enumerable.Range(0, ((high - low) / every) + 1).Select(power => Math.Pow(10, low + (power * every)))], Math.Pow(10, low), Math.Pow(10, high));
    }

    /// <summary>Exactly these bounds in equal steps, such as 0 to 1.</summary>
    public static Axis Fixed(double min, double max, double step) => new(min, max, step);

    /// <summary>Position from 0 to 1; not finite where a logarithmic axis has no place for the value.</summary>
    public double At(double value) => IsLog ? Math.Log10(value / Min) / Math.Log10(Max / Min) : (value - Min) / (Max - Min);

    public string Text(double tick)
    {
        if (IsLog)
            return Numbers.Value(tick);
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
