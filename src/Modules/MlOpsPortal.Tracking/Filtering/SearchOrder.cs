using System.Collections.Immutable;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>Reads order_by: each item is <c>key [ASC|DESC]</c>. What ties are broken by is the searched list's own.</summary>
public static class SearchOrder
{
    public const int MaxItems = 20;

    public static OrderParse Parse(FilterSchema schema, IReadOnlyList<string> items)
    {
        if (items.Count > MaxItems)
            return Fault(MaxItems, 0, 0, $"order_by has more than {MaxItems} items.");
        var terms = ImmutableArray.CreateBuilder<OrderTerm>();
        for (var index = 0; index < items.Count; index++)
        {
            var written = items[index];
            if (written.Length > 1_000 || SearchFilter.Unstorable(written) is not null)
                return Fault(index, 0, written.Length, FilterWords.Order("…"));
            var tokens = FilterLexer.Cut(written);
            if (tokens.Count is < 2 or > 3 || tokens[0].Kind is not (FilterTokenKind.Path or FilterTokenKind.Quoted) || (tokens.Count == 3 && tokens[1].Kind != FilterTokenKind.Path))
                return Fault(index, 0, written.Length, FilterWords.Order(written));
            var direction = tokens.Count == 3 ? written.Substring(tokens[1].Start, tokens[1].Length) : "asc";
            var ascending = direction.Equals("asc", StringComparison.OrdinalIgnoreCase);
            if (!ascending && !direction.Equals("desc", StringComparison.OrdinalIgnoreCase))
                return Fault(index, tokens[1].Start, tokens[1].Length, FilterWords.OrderWord(written));
            var (term, fault) = Key(schema, written.Substring(tokens[0].Start, tokens[0].Length), ascending);
            if (term is null)
                return Fault(index, tokens[0].Start, tokens[0].Length, fault);
            if (!terms.Any(earlier => earlier.Entity == term.Entity && earlier.Key == term.Key))
                terms.Add(term);
            else if (schema.RefuseDoubleOrder)
                return Fault(index, tokens[0].Start, tokens[0].Length, FilterWords.OrderTwice(items));
        }

        return new OrderParse(terms.ToImmutable(), null);
    }

    /// <summary>A key alone: the field name of a structured order.</summary>
    public static OrderParse ParseKey(FilterSchema schema, string written, bool ascending)
    {
        var (term, fault) = Key(schema, written, ascending);
        return term is null ? Fault(0, 0, written.Length, fault) : new OrderParse([term], null);
    }

    private static (OrderTerm? Term, string Fault) Key(FilterSchema schema, string raw, bool ascending)
    {
        if (FilterKeys.Split(raw) is not var (entityName, written))
            return (null, FilterWords.Order(raw));
        if (schema.Wording == FilterWording.Models && entityName is not null)
            return (null, FilterWords.OrderKey(schema, raw));
        var entity = FilterEntity.Attribute;
        if (entityName is not null && !schema.Entities.TryGetValue(entityName, out entity))
            return (null, schema.Wording == FilterWording.LoggedModels ? FilterWords.OrderEntity(schema, entity, written, raw) : FilterWords.UnknownEntity(schema, entityName));
        if (!schema.SortableEntities.Contains(entity))
            return (null, FilterWords.OrderEntity(schema, entity, written, raw));
        if (entity != FilterEntity.Attribute)
            return (new OrderTerm(entity, written, entity == FilterEntity.Metric ? FilterType.Number : FilterType.Text, ascending), "");
        return schema.Order(written) is { } key ? (new OrderTerm(entity, key.Name, key.Type, ascending), "") : (null, FilterWords.OrderKey(schema, written));
    }

    private static OrderParse Fault(int item, int start, int length, string message) => new([], new OrderFault(item, new FilterFault(start, length, message)));
}

/// <summary>How to sort, or the first item that cannot be understood.</summary>
public sealed record OrderParse(ImmutableArray<OrderTerm> Terms, OrderFault? Fault);

/// <param name="Item">Which item of order_by, from 0.</param>
public sealed record OrderFault(int Item, FilterFault Fault);
