using System.Collections.Immutable;
using System.Globalization;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>
/// <code>
/// any  := all (OR all)*
/// all  := AND* (one AND*)*         a missing AND is one, as with MLflow
/// one  := NOT one | ( any ) | key comparator value | key [NOT] IN ( value, … ) | key IS [NOT] NULL
/// </code>
/// A fault is noted, and reading goes on behind the next AND, OR or parenthesis.
/// </summary>
internal sealed class FilterParser(FilterSchema schema, string text)
{
    private const int MaxFaults = 10;

    private readonly List<FilterToken> tokens = FilterLexer.Cut(text);
    private readonly List<FilterFault> faults = [];
    private int next;
    private int terms;
    private int depth;

    private FilterToken Here => tokens[next];

    public FilterParse Parse()
    {
        if (tokens.Find(token => token.Kind == FilterTokenKind.Semicolon) is { Length: > 0 } split && tokens[^2] != split)
            return new FilterParse(null, [new FilterFault(split.Start, 1, FilterWords.Several(text))]);

        var filter = Any(whole: true);
        while (Here.Kind != FilterTokenKind.End && faults.Count < MaxFaults)
        {
            // Only a parenthesis that nothing opened stops the whole filter early.
            Fault(Here, FilterWords.Clauses([Raw(Here)]));
            next++;
            Any(whole: true);
        }

        return faults.Count == 0 ? new FilterParse(filter, []) : new FilterParse(null, [.. faults.OrderBy(fault => fault.Start)]);
    }

    private FilterNode Any(bool whole)
    {
        var start = Here.Start;
        var first = All(mayBeEmpty: whole);
        var parts = new List<FilterNode> { first };
        if (first is AllOf { Parts: [] } && IsWord("OR") && faults.Count == 0)
            Fault(Here, FilterWords.Clauses([Raw(Here)]));
        while (IsWord("OR"))
        {
            next++;
            parts.Add(All(mayBeEmpty: false));
        }

        return parts.Count == 1 ? parts[0] : new AnyOf([.. parts], start);
    }

    private FilterNode All(bool mayBeEmpty)
    {
        var start = Here.Start;
        var parts = new List<FilterNode>();
        while (faults.Count < MaxFaults)
        {
            if (IsWord("AND"))
                next++;
            else if (Here.Kind is FilterTokenKind.End or FilterTokenKind.Close || IsWord("OR"))
                break;
            else if (One() is { } part)
                parts.Add(part);
        }

        if (parts.Count == 0 && !mayBeEmpty && faults.Count == 0)
            Fault(Here, Here.Kind == FilterTokenKind.End ? FilterWords.Clauses([text[..Math.Min(text.Length, 100)].Trim()]) : FilterWords.Clauses([Raw(Here)]));
        return parts.Count == 1 ? parts[0] : new AllOf([.. parts], start);
    }

    private FilterNode? One()
    {
        var start = Here;
        if (!IsWord("NOT") && start.Kind != FilterTokenKind.Open)
            return Term();
        if (depth == SearchFilter.MaxDepth)
        {
            Fault(start, FilterWords.TooDeep(SearchFilter.MaxDepth));
            next = tokens.Count - 1;
            return null;
        }

        next++;
        depth++;
        var inner = start.Kind == FilterTokenKind.Open ? Inside(start) : Negated(start);
        depth--;
        return inner;
    }

    private FilterNode Inside(FilterToken open)
    {
        var inner = Any(whole: false);
        if (Here.Kind == FilterTokenKind.Close)
            next++;
        else if (faults.Count == 0)
            Fault(open, FilterWords.Clauses([text[open.Start..Math.Min(text.Length, open.Start + 100)]]));
        return inner;
    }

    private NoneOf? Negated(FilterToken not)
    {
        if (Here.Kind is not (FilterTokenKind.End or FilterTokenKind.Close) && !IsWord("AND") && !IsWord("OR"))
            return One() is { } inner ? new NoneOf(inner, not.Start) : null;
        Fault(not, FilterWords.Clauses([Raw(not)]));
        return null;
    }

    private FilterTerm? Term()
    {
        var begin = next;
        var start = Here;
        if (++terms > SearchFilter.MaxTerms)
        {
            Fault(start, FilterWords.TooMany(SearchFilter.MaxTerms));
            next = tokens.Count - 1;
            return null;
        }

        if (start.Kind is not (FilterTokenKind.Path or FilterTokenKind.Quoted))
            return Skip(begin, start, tokens[begin + 1].Kind == FilterTokenKind.Comparator ? FilterWords.IdentifierExpected(Raw(start)) : null);
        next++;
        if (Comparator() is not { } comparator)
            return Skip(begin, Here.Kind == FilterTokenKind.End ? start : Here, null);
        if (FilterKeys.Read(schema, Raw(start)) is not { } key)
            return Skip(begin, start, null);
        if (key.Fault is { } unknown)
            return Skip(begin, start, unknown);

        ImmutableArray<FilterValue> values = [];
        if (comparator.Operator is not (FilterOperator.IsNull or FilterOperator.IsNotNull))
        {
            var read = comparator.Operator is FilterOperator.In or FilterOperator.NotIn ? List(key) : Single(key);
            if (read is not { } found)
                return Skip(begin, Here.Kind == FilterTokenKind.End ? start : Here, null);
            if (found.Fault is { } wrong)
                return Skip(begin, found.Token, wrong);
            values = found.Values;
        }

        if (comparator.Operator is not { } known || !key.Takes(known))
        {
            Fault(comparator.Token, FilterWords.Comparator(schema, key.Entity, key.Key, key.Type, comparator.Written, key.IdOnly));
            return null;
        }

        return new FilterTerm(key.Entity, key.Key, key.Type, known, values, start.Start);
    }

    private (FilterOperator? Operator, FilterToken Token, string Written)? Comparator()
    {
        var first = Here;
        if (first.Kind == FilterTokenKind.Comparator)
        {
            next++;
            return (FilterKeys.Operator(Raw(first)), first, Raw(first));
        }

        if (first.Kind != FilterTokenKind.Path)
            return null;
        var words = Word(next);
        var second = Word(next + 1);
        var third = second.Length == 0 ? "" : Word(next + 2);
        (var count, words) = (words, second, third) switch
        {
            ("IS", "NOT", "NULL") => (3, "IS NOT NULL"),
            ("IS", "NULL", _) => (2, "IS NULL"),
            ("NOT", "IN" or "LIKE" or "ILIKE" or "RLIKE", _) => (2, "NOT " + second),
            ("IN" or "LIKE" or "ILIKE" or "RLIKE", _, _) => (1, words),
            _ => (0, ""),
        };
        if (count == 0)
            return null;
        next += count;
        return (FilterKeys.Operator(words), first with { Length = tokens[next - 1].End - first.Start }, words);
    }

    private (ImmutableArray<FilterValue> Values, FilterToken Token, string? Fault)? Single(FilterKeys key)
    {
        var token = Here;
        if (token.Kind == FilterTokenKind.Open)
        {
            var close = tokens.FindIndex(next, one => one.Kind == FilterTokenKind.Close);
            return close < 0 ? null : ([], token, key.Expected(schema, text[token.Start..tokens[close].End], bare: false));
        }

        if (token.Kind is not (FilterTokenKind.Text or FilterTokenKind.Quoted or FilterTokenKind.Number or FilterTokenKind.Path)
            && !(token.Kind == FilterTokenKind.Other && char.IsAsciiDigit(text[token.Start])))
            return null;
        next++;
        return key.Value(schema, token, Raw(token), out var value) is { } fault ? ([], token, fault) : ([value], token, null);
    }

    private (ImmutableArray<FilterValue> Values, FilterToken Token, string? Fault)? List(FilterKeys key)
    {
        var open = Here;
        if (open.Kind != FilterTokenKind.Open)
            return null;
        next++;
        var values = ImmutableArray.CreateBuilder<FilterValue>();
        while (Here.Kind != FilterTokenKind.Close)
        {
            var token = Here;
            if (values.Count == SearchFilter.MaxListed)
                return ([], token, FilterWords.ListTooLong(SearchFilter.MaxListed));
            var fits = key.Type == FilterType.Text ? token.Kind is FilterTokenKind.Text or FilterTokenKind.Quoted : token.Kind == FilterTokenKind.Number;
            if (!fits)
                return ([], token, token.Kind is FilterTokenKind.Text or FilterTokenKind.Quoted or FilterTokenKind.Number ? FilterWords.ListMixed(Listed(open)) : FilterWords.ListIllFormed);
            if (key.Value(schema, token, Raw(token), out var value) is { } fault)
                return ([], token, fault);
            values.Add(value);
            next++;
            if (Here.Kind == FilterTokenKind.Comma)
                next++;
            else if (Here.Kind != FilterTokenKind.Close)
                return ([], Here, FilterWords.ListIllFormed);
        }

        var listed = open with { Length = Here.End - open.Start };
        next++;
        return values.Count == 0 ? ([], listed, FilterWords.ListEmpty) : (values.ToImmutable(), listed, null);
    }

    private string Listed(FilterToken open)
    {
        var close = tokens.FindIndex(next, token => token.Kind == FilterTokenKind.Close);
        return text[open.Start..Math.Min(open.Start + 200, close < 0 ? text.Length : tokens[close].End)];
    }

    /// <summary>Notes the fault and goes to where the next comparison may begin. Without a message of its own the comparison is named as a whole.</summary>
    private FilterTerm? Skip(int begin, FilterToken at, string? message)
    {
        var open = 0;
        next = Math.Max(next, begin + (tokens[begin].Kind == FilterTokenKind.End ? 0 : 1));
        for (; Here.Kind != FilterTokenKind.End; next++)
        {
            if (Here.Kind == FilterTokenKind.Open)
                open++;
            else if (Here.Kind == FilterTokenKind.Close && --open < 0)
                break;
            else if (open == 0 && (IsWord("AND") || IsWord("OR")))
                break;
        }

        var last = Math.Min(next, begin + 8);
        Fault(at, message ?? FilterWords.Clauses(tokens[begin..last].Select(Raw)));
        return null;
    }

    private void Fault(FilterToken at, string message) => faults.Add(new FilterFault(at.Start, at.Length, message));

    private bool IsWord(string word) => Here.Kind == FilterTokenKind.Path && text.AsSpan(Here.Start, Here.Length).Equals(word, StringComparison.OrdinalIgnoreCase);

    private string Word(int index) => index < tokens.Count && tokens[index].Kind == FilterTokenKind.Path ? Raw(tokens[index]).ToUpper(CultureInfo.InvariantCulture) : "";

    private string Raw(FilterToken token) => text.Substring(token.Start, token.Length);
}
