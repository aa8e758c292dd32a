using System.Globalization;
using MlOpsPortal.Datasets.Profiling;

namespace MlOpsPortal.Datasets.Reading;

/// <summary>The narrowest type that all of a column's texts have. A leading zero makes a code, not a number.</summary>
internal static class TypeGuess
{
    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd"];

    private static readonly string[] Moments =
    [
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <param name="values">Null is missing and says nothing; nothing but missing is text.</param>
    public static ColumnType Of(IEnumerable<string?> values)
    {
        ColumnType? type = null;
        foreach (var value in values)
        {
            if (value is null)
                continue;
            type = Join(type, One(value.Trim()));
            if (type == ColumnType.Text)
                break;
        }

        return type ?? ColumnType.Text;
    }

    private static ColumnType Join(ColumnType? before, ColumnType next) => (before, next) switch
    {
        (null, _) => next,
        _ when before == next => next,
        (ColumnType.Integer, ColumnType.Number) or (ColumnType.Number, ColumnType.Integer) => ColumnType.Number,
        (ColumnType.Date, ColumnType.Timestamp) or (ColumnType.Timestamp, ColumnType.Date) => ColumnType.Timestamp,
        _ => ColumnType.Text,
    };

    private static ColumnType One(string text)
    {
        if (IsInteger(text))
            return ColumnType.Integer;
        if (IsNumber(text))
            return ColumnType.Number;
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase))
            return ColumnType.Boolean;
        if (text.Length is < 10 or > 40 || !char.IsAsciiDigit(text[0]))
            return ColumnType.Text;
        if (DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return ColumnType.Date;
        return DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? ColumnType.Timestamp : ColumnType.Text;
    }

    private static bool IsInteger(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value.ToString(CultureInfo.InvariantCulture) == text;

    private static bool IsNumber(string text)
    {
        if (text is "NaN" or "nan" or "inf" or "-inf" or "Infinity" or "-Infinity")
            return true;
        var digits = text.AsSpan().TrimStart("+-");
        if (digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]))
            return false;
        return digits.Length > 0 && (char.IsAsciiDigit(digits[0]) || digits[0] == '.') && !IsLongInteger(digits)
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>Digits that neither a 64-bit integer nor a double holds exactly are a code.</summary>
    private static bool IsLongInteger(ReadOnlySpan<char> digits) => digits.Length > 15 && !digits.ContainsAnyExceptInRange('0', '9') && !long.TryParse(digits, CultureInfo.InvariantCulture, out _);
}
