namespace MlOpsPortal.Tracking.Filtering;

internal enum FilterTokenKind
{
    End,

    /// <summary>A word or a key: <c>AND</c>, <c>metrics.`my key`</c>.</summary>
    Path,

    /// <summary>In double quotes: a key where a key is due, a text where a value is.</summary>
    Quoted,

    /// <summary>In single quotes.</summary>
    Text,
    Number,
    Comparator,
    Open,
    Close,
    Comma,
    Semicolon,

    /// <summary>Nothing a filter has: an unclosed quote, <c>1AND</c>, a lone dash.</summary>
    Other,
}

/// <summary>A piece of the text.</summary>
internal readonly record struct FilterToken(FilterTokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>Cuts a text into tokens. Never fails: what it does not know is <see cref="FilterTokenKind.Other"/>. Linear in the text.</summary>
internal static class FilterLexer
{
    public static List<FilterToken> Cut(string text)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, at);
            tokens.Add(token);
            at = token.End;
        }

        tokens.Add(new FilterToken(FilterTokenKind.End, text.Length, 0));
        return tokens;
    }

    private static FilterToken Next(string text, int at) => text[at] switch
    {
        '(' => new FilterToken(FilterTokenKind.Open, at, 1),
        ')' => new FilterToken(FilterTokenKind.Close, at, 1),
        ',' => new FilterToken(FilterTokenKind.Comma, at, 1),
        ';' => new FilterToken(FilterTokenKind.Semicolon, at, 1),
        '\'' => Quote(text, at, FilterTokenKind.Text),
        '"' => Quote(text, at, FilterTokenKind.Quoted),
        '`' => Quote(text, at, FilterTokenKind.Path),
        '<' or '>' or '=' or '!' or '~' => Comparator(text, at),
        var first when BeginsNumber(text, at, first) => Number(text, at),
        var first when IsWord(first) => Path(text, at, AfterWord(text, at)),
        _ => new FilterToken(FilterTokenKind.Other, at, 1),
    };

    private static FilterToken Comparator(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] is '<' or '>' or '=' or '!' or '~')
            end++;
        return new FilterToken(FilterTokenKind.Comparator, at, end - at);
    }

    private static FilterToken Quote(string text, int at, FilterTokenKind kind)
    {
        if (AfterQuote(text, at) is not { } end)
            return new FilterToken(FilterTokenKind.Other, at, text.Length - at);
        return kind != FilterTokenKind.Text && end < text.Length && text[end] == '.' ? Path(text, at, end) : new FilterToken(kind, at, end - at);
    }

    private static FilterToken Path(string text, int at, int end)
    {
        while (end < text.Length && text[end] == '.')
        {
            if (end + 1 < text.Length && text[end + 1] is '\'' or '"' or '`')
            {
                if (AfterQuote(text, end + 1) is not { } closed)
                    return new FilterToken(FilterTokenKind.Other, at, text.Length - at);
                end = closed;
            }
            else
            {
                end = AfterWord(text, end + 1);
            }
        }

        return new FilterToken(FilterTokenKind.Path, at, end - at);
    }

    /// <summary>-1, 1., .5, 1.5e-3. What clings to it (1e+5, 1AND, 0x1F, 1.5.2) makes it no number.</summary>
    private static FilterToken Number(string text, int at)
    {
        var end = at;
        if (text[end] == '-')
            end++;
        end = AfterDigits(text, end);
        if (end < text.Length && text[end] == '.')
            end = AfterDigits(text, end + 1);
        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1 < text.Length && text[end + 1] == '-' ? end + 2 : end + 1;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
                end = AfterDigits(text, exponent);
        }

        var clings = end;
        while (clings < text.Length && (IsWord(text[clings]) || text[clings] is '.' or '+' or '-'))
            clings++;
        return clings == end ? new FilterToken(FilterTokenKind.Number, at, end - at) : new FilterToken(FilterTokenKind.Other, at, clings - at);
    }

    private static bool BeginsNumber(string text, int at, char first) => first switch
    {
        '-' => at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || (text[at + 1] == '.' && at + 2 < text.Length && char.IsAsciiDigit(text[at + 2]))),
        '.' => at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]),
        _ => char.IsAsciiDigit(first),
    };

    /// <summary>Behind the closing quote; a doubled quote does not close. Null when nothing does.</summary>
    private static int? AfterQuote(string text, int at)
    {
        var quote = text[at];
        for (var end = at + 1; end < text.Length; end++)
        {
            if (text[end] != quote)
                continue;
            if (end + 1 < text.Length && text[end + 1] == quote)
                end++;
            else
                return end + 1;
        }

        return null;
    }

    private static int AfterDigits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    private static int AfterWord(string text, int at)
    {
        while (at < text.Length && IsWord(text[at]))
            at++;
        return at;
    }

    private static bool IsWord(char one) => char.IsLetterOrDigit(one) || one is '_' or '$' or '#' or '@';
}
