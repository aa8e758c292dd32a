using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>What a filter says. <see cref="Start"/> is the character it begins at.</summary>
public abstract record FilterNode(int Start)
{
    /// <summary>What must hold together: a filter without OR is nothing else. A search may seek by any of them.</summary>
    public IEnumerable<FilterNode> Conjuncts => this is AllOf all ? all.Parts.SelectMany(part => part.Conjuncts) : [this];

    /// <summary>Every comparison, wherever it stands.</summary>
    public IEnumerable<FilterTerm> Terms => this switch
    {
        AllOf all => all.Parts.SelectMany(part => part.Terms),
        AnyOf any => any.Parts.SelectMany(part => part.Terms),
        NoneOf none => none.Inner.Terms,
        FilterTerm term => [term],
        _ => throw new InvalidOperationException($"A filter has no {GetType().Name}."),
    };
}

/// <summary>All parts hold; without parts everything matches.</summary>
public sealed record AllOf(ImmutableArray<FilterNode> Parts, int Start) : FilterNode(Start)
{
    public static readonly AllOf Everything = new([], 0);
}

/// <summary>At least one part holds.</summary>
public sealed record AnyOf(ImmutableArray<FilterNode> Parts, int Start) : FilterNode(Start);

/// <summary>The inner part does not hold: also where it cannot be said, because a key is missing.</summary>
public sealed record NoneOf(FilterNode Inner, int Start) : FilterNode(Start);

/// <summary>One comparison.</summary>
/// <param name="Key">As the schema spells it (<c>created</c> reads <c>start_time</c>); for metrics, params and tags as the user wrote it, without quotes.</param>
/// <param name="Values">One; several for IN; none for IS NULL.</param>
public sealed record FilterTerm(
    FilterEntity Entity, string Key, FilterType Type, FilterOperator Operator, ImmutableArray<FilterValue> Values, int Start) : FilterNode(Start);

public enum FilterEntity
{
    Attribute,
    Metric,
    Param,
    Tag,
    Dataset,
}

public enum FilterType
{
    Text,

    /// <summary>A double that may be NaN: a metric.</summary>
    Number,

    /// <summary>A whole number: milliseconds, a version.</summary>
    Whole,
}

public enum FilterOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
}

/// <summary>What a key is compared with.</summary>
/// <param name="Text">Without its quotes; null for a number.</param>
/// <param name="Number">The number, 0 for a text.</param>
/// <param name="Whole">The number when it has no fraction and fits.</param>
public readonly record struct FilterValue(string? Text, double Number, long? Whole);

/// <summary>One way to sort.</summary>
public sealed record OrderTerm(FilterEntity Entity, string Key, FilterType Type, bool Ascending);
