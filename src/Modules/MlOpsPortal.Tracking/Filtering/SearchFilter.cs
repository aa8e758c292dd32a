using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>Reads filters.</summary>
public static class SearchFilter
{
    public const int MaxLength = 100_000;
    public const int MaxTerms = 100;
    public const int MaxListed = 5_000;
    public const int MaxDepth = 20;

    /// <summary>How long a search may ask the database.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>No text at all matches everything.</summary>
    public static FilterParse Parse(FilterSchema schema, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new FilterParse(AllOf.Everything, []);
        if (text.Length > MaxLength)
            return Fault(MaxLength, text.Length - MaxLength, FilterWords.TooLong(MaxLength));
        if (string.IsNullOrWhiteSpace(text))
            return Fault(0, text.Length, FilterWords.Blank(text));
        return Unstorable(text) is { } at ? Fault(at, 1, FilterWords.Unstorable) : new FilterParser(schema, text).Parse();
    }

    /// <summary>A character that no stored text can have and that PostgreSQL does not take: NUL, half of a surrogate pair.</summary>
    internal static int? Unstorable(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0' || (char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at)))
                return at;
            if (char.IsHighSurrogate(text[at]))
                at++;
        }

        return null;
    }

    private static FilterParse Fault(int start, int length, string message) => new(null, [new FilterFault(start, length, message)]);
}

/// <summary>A filter, or what is wrong with its text from front to back.</summary>
public sealed record FilterParse(FilterNode? Filter, ImmutableArray<FilterFault> Faults);
