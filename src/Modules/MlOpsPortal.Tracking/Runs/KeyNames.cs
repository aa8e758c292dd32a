using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Runs;

/// <summary>The names of some keys, in the order of their bytes, as the database sorts names.</summary>
internal sealed class KeyNames
{
    private readonly Dictionary<int, int> places = [];
    private readonly string[] names;

    private KeyNames(KeyValuePair<int, string?>[] sorted)
    {
        names = new string[sorted.Length];
        for (var place = 0; place < sorted.Length; place++)
            (places[sorted[place].Key], names[place]) = (place, sorted[place].Value!); // those without a name were left out
    }

    /// <param name="names">By number; what has no name is left out.</param>
    public static KeyNames Of(IEnumerable<KeyValuePair<int, string?>> names)
    {
        var sorted = names.Where(name => name.Value is not null).ToArray();
        Array.Sort(sorted, static (a, b) => Compare(a.Value!, b.Value!)); // both were just seen
        return new KeyNames(sorted);
    }

    /// <summary>Values of one run with their names, by name.</summary>
    public ImmutableArray<TResult> Sort<T, TResult>(List<(int Key, T Value)> values, Func<string, T, TResult> make)
    {
        if (values.Count == 0)
            return [];
        var sorted = new (int Place, T Value)[values.Count];
        var count = 0;
        foreach (var (key, value) in values)
            if (places.TryGetValue(key, out var place))
                sorted[count++] = (place, value);
        Array.Sort(sorted, 0, count, ByPlace<T>.Instance);
        var results = ImmutableArray.CreateBuilder<TResult>(count);
        for (var index = 0; index < count; index++)
            results.Add(make(names[sorted[index].Place], sorted[index].Value));
        return results.MoveToImmutable();
    }

    /// <summary>UTF-8 sorts by code point; UTF-16 would put the pairs of halves before U+E000.</summary>
    internal static int Compare(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);
        return Weight(a[same]) - Weight(b[same]);

        static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
    }

    private sealed class ByPlace<T> : IComparer<(int Place, T Value)>
    {
        public static readonly ByPlace<T> Instance = new();

        public int Compare((int Place, T Value) x, (int Place, T Value) y) => x.Place.CompareTo(y.Place);
    }
}
