using System.Globalization;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>What stands left of a comparator, understood by a schema.</summary>
/// <param name="Fault">Set when the schema has no such entity or key.</param>
internal sealed record FilterKeys(FilterEntity Entity, string Key, FilterType Type, string? Fault = null)
{
    public bool IdOnly { get; private init; }

    private bool Fractions { get; init; } = true;

    private bool Quotable { get; init; }

    /// <summary><c>metrics.`my key`</c>: entity, dot, key; without a dot the key of an attribute.</summary>
    /// <returns>Null when quotes stand where none can.</returns>
    public static FilterKeys? Read(FilterSchema schema, string raw)
    {
        if (Split(raw) is not var (entityName, written))
            return null;
        var entity = FilterEntity.Attribute;
        if (entityName is not null && !schema.Entities.TryGetValue(entityName, out entity))
            return new FilterKeys(default, written, default, FilterWords.UnknownEntity(schema, entityName));
        return entity switch
        {
            FilterEntity.Metric => new FilterKeys(entity, written, FilterType.Number),
            FilterEntity.Param or FilterEntity.Tag => new FilterKeys(entity, written, FilterType.Text),
            FilterEntity.Dataset => Of(entity, schema.Dataset(written)) ?? new FilterKeys(entity, written, default, FilterWords.UnknownDatasetKey(schema.DatasetKeys, written)),
            _ => Of(entity, schema.Attribute(written)) ?? new FilterKeys(entity, written, default, FilterWords.UnknownAttribute(schema.Attributes, written)),
        };
    }

    /// <summary>Before and behind the first dot; backticks go from both, other quotes from the key alone.</summary>
    public static (string? Entity, string Key)? Split(string raw)
    {
        var quoted = raw.Length > 1 && raw[0] is '`' or '"' ? raw.IndexOf(raw[0], 1) : -1;
        var dot = raw.IndexOf('.', Math.Max(quoted, 0));
        var key = dot < 0 ? raw : raw[(dot + 1)..];
        var bare = key;
        if (key.Length > 1 && key[0] is '`' or '"' or '\'' && key[^1] == key[0])
            bare = key[1..^1];
        if (bare.AsSpan().IndexOf(key.Length > bare.Length ? key[0] : '`') >= 0)
            return null;
        return (dot < 0 ? null : raw[..dot].Trim('`'), bare);
    }

    public static FilterOperator? Operator(string written) => written switch
    {
        "=" => FilterOperator.Equal,
        "!=" => FilterOperator.NotEqual,
        "<" => FilterOperator.Less,
        "<=" => FilterOperator.LessOrEqual,
        ">" => FilterOperator.Greater,
        ">=" => FilterOperator.GreaterOrEqual,
        "LIKE" => FilterOperator.Like,
        "ILIKE" => FilterOperator.ILike,
        "IN" => FilterOperator.In,
        "NOT IN" => FilterOperator.NotIn,
        "IS NULL" => FilterOperator.IsNull,
        "IS NOT NULL" => FilterOperator.IsNotNull,
        _ => null,
    };

    public bool Takes(FilterOperator comparator) => comparator switch
    {
        FilterOperator.Less or FilterOperator.LessOrEqual or FilterOperator.Greater or FilterOperator.GreaterOrEqual => Type != FilterType.Text,
        FilterOperator.Like or FilterOperator.ILike => Type == FilterType.Text && !IdOnly,
        _ => true,
    };

    /// <returns>What is wrong with the value; null when it fits.</returns>
    public string? Value(FilterSchema schema, FilterToken token, string raw, out FilterValue value)
    {
        value = default;
        if (Type == FilterType.Text)
        {
            if (token.Kind is not (FilterTokenKind.Text or FilterTokenKind.Quoted) && !(schema.BareText && token.Kind is FilterTokenKind.Path or FilterTokenKind.Number))
                return Expected(schema, raw, bare: token.Kind == FilterTokenKind.Path);
            value = new FilterValue(token.Kind is FilterTokenKind.Text or FilterTokenKind.Quoted ? Unquoted(raw) : raw, 0, null);
            return null;
        }

        var written = Quotable && token.Kind is FilterTokenKind.Text or FilterTokenKind.Quoted ? Unquoted(raw) : raw;
        if ((token.Kind != FilterTokenKind.Number && written == raw) || !double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return Entity == FilterEntity.Attribute && written != raw ? FilterWords.WholeExpected(Key, written) : FilterWords.NumberExpected(Entity, Key, raw);
        var whole = long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact) ? exact : (long?)null;
        if (Type == FilterType.Whole && whole is null && !Fractions)
            return FilterWords.WholeExpected(Key, written);
        value = new FilterValue(null, number, whole);
        return null;
    }

    public string Expected(FilterSchema schema, string raw, bool bare)
    {
        if (Type != FilterType.Text)
            return FilterWords.NumberExpected(Entity, Key, raw);
        if (bare)
            return FilterWords.QuotesExpected(raw);
        return schema.Wording == FilterWording.Versions && Entity == FilterEntity.Attribute && char.IsAsciiDigit(raw[^1])
            ? FilterWords.NumbersOnlyFor(schema)
            : FilterWords.TextExpected(schema, Entity, raw);
    }

    private static FilterKeys? Of(FilterEntity entity, FilterKey? key) =>
        key is null ? null : new FilterKeys(entity, key.Name, key.Type) { IdOnly = key.IdOnly, Fractions = key.Fractions, Quotable = key.Quotable };

    private static string Unquoted(string raw)
    {
        var quote = raw[..1];
        return raw[1..^1].Replace(quote + quote, quote, StringComparison.Ordinal);
    }
}
