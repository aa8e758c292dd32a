using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Charts;

/// <summary>A number axis with round ticks (steps of 1, 2 or 5 times a power of ten; powers of ten where it is logarithmic) that cover the data.</summary>
public sealed class Axis
{
    private const int MostLogTicks = 8;

    // Beyond these a difference or a step of doubles is infinite or nothing, and no chart is about such a value.
    private const double Largest = 1e300;
    private const double Smallest = 1e-300;

    // From here on a tick's decimals would be zeros alone.
    private const int MostDecimals = 8;
    private static readonly int[] Digits = [1, 2, 5];
    private readonly int decimals;

    private Axis(IReadOnlyList<double> ticks, double min, double max) => (IsLog, Ticks, Min, Max) = (true, ticks, min, max);

    private Axis(double min, double max, double step)
    {
        Min = min;
        Max = max;
        decimals = Enumerable.Range(0, MostDecimals + 1).FirstOrDefault(digits => step * Math.Pow(10, digits) > 0.5 && Whole(step * Math.Pow(10, digits)), MostDecimals + 1);
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
            (min, max) = (Math.Min(min, Math.Clamp(value, -Largest, Largest)), Math.Max(max, Math.Clamp(value, -Largest, Largest)));
        if (min > max)
            (min, max) = (0, 1);
        if (max - min <= Math.Max(Smallest, Math.Abs(max) * 1e-9))
        {
            var room = Math.Abs(max) <= Smallest ? 1 : Math.Abs(max) * 0.1;
            (min, max) = (min - room, max + room);
        }
        var step = Step((max - min) / Math.Max(1, ticks - 1));
        return new Axis(Math.Floor((min / step) + 1e-9) * step, Math.Ceiling((max / step) - 1e-9) * step, step);
    }

    /// <summary>Around the positive finite values, between bounds of 1, 2 or 5 times a power of ten; ticks there, or at powers of ten where those are many. Without positive values it is linear.</summary>
    public static Axis Log(IEnumerable<double> values)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(HasLog))
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max)
            return Around([]);
        var bounds = Enumerable.Range((int)Math.Floor(Math.Log10(min)) - 1, (int)(Math.Ceiling(Math.Log10(max)) - Math.Floor(Math.Log10(min))) + 3)
            .SelectMany(power => Digits.Select(digit => double.Parse(FormattableString.Invariant($"{digit}e{power}"), CultureInfo.InvariantCulture))).ToList();
        var (low, high) = (bounds.Last(bound => bound <= min), bounds.First(bound => bound >= max));
        if (low == high)
            high = bounds[bounds.IndexOf(low) + 1];
        var ticks = bounds.Where(bound => bound >= low && bound <= high).ToList();
        if (ticks.Count > MostLogTicks)
            ticks = [.. ticks.Where(tick => Whole(Math.Log10(tick)))];
        var every = (int)Math.Ceiling(ticks.Count / (double)MostLogTicks);
        return new Axis([.. ticks.Where((_, index) => index % every == 0)], low, high);
    }

    /// <summary>Exactly these bounds in equal steps, such as 0 to 1.</summary>
    public static Axis Fixed(double min, double max, double step) => new(min, max, step);

    /// <summary>Position from 0 to 1; NaN where the axis has no place for the value.</summary>
    public double At(double value) => (IsLog, double.IsFinite(value)) switch
    {
        (true, _) => HasLog(value) ? Math.Log10(value / Min) / Math.Log10(Max / Min) : double.NaN,
        (false, true) => (Math.Clamp(value, -Largest, Largest) - Min) / (Max - Min),
        (false, false) => double.NaN,
    };

    /// <summary>Has it a place on a logarithmic axis?</summary>
    public static bool HasLog(double value) => value is >= Smallest and <= Largest;

    public string Text(double tick)
    {
        if (IsLog)
            return Numbers.Value(tick);
        if (decimals > MostDecimals || Math.Max(Math.Abs(Min), Math.Abs(Max)) >= 1e12)
            return Numbers.Value(Math.Abs(tick) < (Max - Min) * 1e-9 ? 0 : tick);
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
