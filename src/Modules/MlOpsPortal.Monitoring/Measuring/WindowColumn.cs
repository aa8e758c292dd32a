using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Statistics.Drift;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>One column of a window while its predictions are read.</summary>
internal sealed class WindowColumn(ColumnKind kind)
{
    private readonly List<double> numbers = [];
    private readonly Dictionary<string, long> texts = new(StringComparer.Ordinal);
    private long missing;

    public ColumnKind Kind => kind;

    /// <summary>Values of another kind than the contract's: counted, left out of everything else.</summary>
    public long WrongType { get; private set; }

    /// <summary>Rows, whatever they held.</summary>
    public long Rows { get; private set; }

    public long Missing => missing;

    /// <summary>The reader stands on the value.</summary>
    public void Add(ref Utf8JsonReader json)
    {
        Rows++;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                missing++;
                break;
            case JsonTokenType.Number when kind == ColumnKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number):
                numbers.Add(number);
                break;
            case JsonTokenType.Number when kind == ColumnKind.Category && json.TryGetDouble(out var code): // codes
                Count(code.ToString("R", CultureInfo.InvariantCulture));
                break;
            case JsonTokenType.String when kind == ColumnKind.Category:
                Count(json.GetString() ?? "");
                break;
            case JsonTokenType.True when kind != ColumnKind.Number:
                Count("true");
                break;
            case JsonTokenType.False when kind != ColumnKind.Number:
                Count("false");
                break;
            default:
                WrongType++;
                json.Skip();
                break;
        }
    }

    /// <summary>The row does not have the column.</summary>
    public void AddMissing()
    {
        Rows++;
        missing++;
    }

    public NumericSample Numbers() => NumericSample.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(numbers), missing);

    public CategorySample Texts() => CategorySample.OfCounts(texts, missing);

    /// <summary>Beyond what a category may have nothing new is remembered: then it is too wide, and memory stays bounded.</summary>
    private void Count(string value)
    {
        if (texts.TryGetValue(value, out var count) || texts.Count <= CategorySample.MostValues)
            texts[value] = count + 1;
    }
}
