namespace MlOpsPortal.Statistics.Drift;

/// <summary>How often each value of a category comes.</summary>
public sealed class CategorySample
{
    /// <summary>More different values than this are no category.</summary>
    public const int MostValues = 10_000;
    private readonly Dictionary<string, long> counts;

    private CategorySample(Dictionary<string, long> counts, long missing) => (this.counts, Missing, Count) = (counts, missing, counts.Values.Sum());

    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Values that are not missing.</summary>
    public long Count { get; }

    public long Missing { get; }

    /// <summary>0..1; null without any row.</summary>
    public double? MissingShare => Missing + Count == 0 ? null : (double)Missing / (Missing + Count);

    /// <summary>Has it too many different values to be compared?</summary>
    public bool IsTooWide => counts.Count > MostValues;

    /// <summary>Null counts as missing.</summary>
    public static CategorySample Of(IEnumerable<string?> values)
    {
        var counted = new Dictionary<string, long>(StringComparer.Ordinal);
        long missing = 0;
        foreach (var value in values)
            if (value is null)
                missing++;
            else
                counted[value] = counted.GetValueOrDefault(value) + 1;
        return new CategorySample(counted, missing);
    }

    public static CategorySample OfCounts(IEnumerable<KeyValuePair<string, long>> counts, long missing) => new(new Dictionary<string, long>(counts, StringComparer.Ordinal), missing);

    public long this[string value] => counts.GetValueOrDefault(value);

    /// <summary>Both samples over the union of their values, by ordinal.</summary>
    internal static (string[] Values, long[] Reference, long[] Current) Align(CategorySample reference, CategorySample current)
    {
        var values = reference.counts.Keys.Union(current.counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return (values, [.. values.Select(value => reference[value])], [.. values.Select(value => current[value])]);
    }
}
