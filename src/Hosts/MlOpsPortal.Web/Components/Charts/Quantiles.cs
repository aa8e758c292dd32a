namespace MlOpsPortal.Web.Components.Charts;

/// <summary>What a box says of values: quartiles by linear interpolation (Hyndman and Fan's type 7, as NumPy's default), whiskers at the farthest value
/// within 1.5 times the box's height (Tukey), and the values beyond them.</summary>
public sealed record Box(string Name, int Count, double Low, double Q1, double Median, double Q3, double High, IReadOnlyList<double> Beyond)
{
    /// <summary>Null without a finite value.</summary>
    public static Box? Of(string name, IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0)
            return null;
        var (q1, q3) = (Quantile(sorted, 0.25), Quantile(sorted, 0.75));
        var reach = 1.5 * (q3 - q1);
        var within = sorted.Where(value => value >= q1 - reach && value <= q3 + reach).ToArray();
        return new Box(name, sorted.Length, within[0], q1, Quantile(sorted, 0.5), q3, within[^1], [.. sorted.Where(value => value < within[0] || value > within[^1])]);
    }

    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        return below >= sorted.Count - 1 ? sorted[^1] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}

/// <summary>Puts values into few groups with names.</summary>
public static class Binning
{
    /// <summary>One group for each value while there are no more than <paramref name="most"/>; else, where all are numbers, intervals between round bounds; else the commonest, and "other".
    /// The answer names the group of each value, in the order given; null where there is no value.</summary>
    public static IReadOnlyList<string?> Groups(IReadOnlyList<string?> values, int most = 8)
    {
        var distinct = values.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (distinct.Count <= most)
            return values;
        var numbers = values.Select(ParallelAxis.Number).ToList();
        if (values.Zip(numbers).All(pair => pair.First is null || pair.Second is not null))
            return Intervals(numbers, most);
        var common = values.OfType<string>().GroupBy(value => value, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(most - 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return [.. values.Select(value => value is null || common.Contains(value) ? value : "other")];
    }

    /// <summary>The groups in the order they are shown: by number where all begin with one, else by name.</summary>
    public static IReadOnlyList<string> Order(IEnumerable<string> groups)
    {
        var distinct = groups.Distinct(StringComparer.Ordinal).ToList();
        return distinct.TrueForAll(group => Start(group) is not null)
            ? [.. distinct.OrderBy(group => Start(group))]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }

    private static double? Start(string group) => ParallelAxis.Number(group.Split(" to ")[0]);

    private static List<string?> Intervals(List<double?> numbers, int most)
    {
        var bounds = Axis.Around(numbers.OfType<double>(), most).Ticks;
        return [.. numbers.Select(number => number is { } value ? Name(value) : null)];

        string Name(double value)
        {
            var bin = Math.Clamp(Enumerable.Range(0, bounds.Count).LastOrDefault(index => bounds[index] <= value + 1e-12), 0, bounds.Count - 2);
            return $"{Text(bounds[bin])} to {Text(bounds[bin + 1])}";
        }

        static string Text(double bound) => Math.Round(bound, 9).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
