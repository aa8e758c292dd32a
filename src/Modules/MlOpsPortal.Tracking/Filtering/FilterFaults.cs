using System.Globalization;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.Filtering;

/// <summary>Something in a filter or an order that cannot be understood.</summary>
/// <param name="Start">The character it begins at, from 0.</param>
/// <param name="Length">How many characters it covers; 0 where something is missing.</param>
/// <param name="Message">The sentence, in MLflow's words where MLflow refuses the same.</param>
public sealed record FilterFault(int Start, int Length, string Message)
{
    /// <summary>Its second argument is the character, counted from 0: a search box points at it.</summary>
    public Validation Refusal => new("tracking.filter", Message, Start.ToString(CultureInfo.InvariantCulture));
}

/// <summary>The sentences. MLflow says the same thing differently from search to search, and clients' users search the web for them.</summary>
internal static class FilterWords
{
    public static string UnknownEntity(FilterSchema schema, string written) => string.Format(CultureInfo.InvariantCulture, schema.UnknownEntity, written);

    public static string UnknownAttribute(IEnumerable<FilterKey> valid, string written) => $"Invalid attribute key '{written}' specified. Valid keys are '{Set(Names(valid))}'";

    public static string UnknownDatasetKey(IEnumerable<FilterKey> valid, string written) => $"Invalid dataset key '{written}' specified. Valid keys are '{Set(Names(valid))}'";

    public static string Comparator(FilterSchema schema, FilterEntity entity, string key, FilterType type, string written, bool idOnly)
    {
        string[] texts = idOnly ? ["=", "!=", "IN", "NOT IN"] : ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"];
        string[] numbers = ["<", "<=", ">", ">=", "=", "!=", "IN", "NOT IN"];
        var valid = (type == FilterType.Text ? texts : numbers).Append("IS NULL").Append("IS NOT NULL");
        return (schema.Wording, entity) switch
        {
            (FilterWording.LoggedModels, _) =>
                $"Invalid comparison operator for {Plural(entity)}.{key}: '{written}'. Expected one of ({string.Join(", ", valid.Select(one => $"'{one}'"))}).",
            (FilterWording.Experiments, FilterEntity.Attribute) when idOnly => $"Invalid comparator for experiment_id: {written}",
            (not FilterWording.Runs, FilterEntity.Tag) => $"Invalid comparator for tag: {written}",
            (FilterWording.Versions, _) when type != FilterType.Text => $"Invalid comparator for attribute {key}: {written}",
            (FilterWording.Models or FilterWording.Versions, _) => $"Invalid comparator for attribute: {written}",
            _ => $"Invalid comparator '{written}' not one of '{Set(valid)}'",
        };
    }

    public static string NumberExpected(FilterEntity entity, string key, string written) => entity == FilterEntity.Metric
        ? $"Expected numeric value type for metric. Found {written}"
        : $"Expected numeric value type for numeric attribute: {key}. Found {written}";

    public static string WholeExpected(string key, string written) => $"Invalid value for numeric attribute '{key}': '{written}'";

    public static string TextExpected(FilterSchema schema, FilterEntity entity, string written) => entity switch
    {
        FilterEntity.Param => $"Expected a quoted string value for parameter (e.g. 'my-value'). Got value {written}",
        FilterEntity.Tag => $"Expected a quoted string value for tag (e.g. 'my-value'). Got value {written}",
        FilterEntity.Dataset => $"Expected a quoted string value for dataset attributes. Got value {written}",
        _ when schema.Wording is FilterWording.Models or FilterWording.Versions =>
            $"Expected a quoted string value or a list of quoted string values for attributes. Got value {written}",
        _ => $"Expected a quoted string value for attributes. Got value {written}",
    };

    public static string QuotesExpected(string written) =>
        $"Parameter value is either not quoted or unidentified quote types used for string value {written}. Use either single or double quotes.";

    public static string NumbersOnlyFor(FilterSchema schema) =>
        $"Only the '{Set(schema.Attributes.Where(key => key.Type != FilterType.Text).Select(key => key.Name))}' attributes support comparison with numeric values.";

    public const string ListEmpty = "While parsing a list in the query, expected a non-empty list of string values, but got empty list";

    public const string ListIllFormed = "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.";

    public static string ListMixed(string written) =>
        $"While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: {written}";

    public static string IdentifierExpected(string written) => $"Invalid comparison clause. Expected 'Identifier' found '{written}'";

    public static string Clauses(IEnumerable<string> pieces) => $"Invalid clause(s) in filter string: {string.Join(", ", pieces.Select(piece => $"'{piece}'"))}";

    public static string Several(string text) => $"Search filter contained multiple expression {Quoted(text)}. Provide AND-ed expression list.";

    public static string Blank(string text) => $"Invalid filter '{text}'. Could not be parsed.";

    public static string Order(string written) => $"Invalid order_by clause '{written}'. Could not be parsed.";

    public static string OrderWord(string written) => $"Invalid ordering key in order_by clause '{written}'.";

    public static string OrderKey(FilterSchema schema, string written) => schema.Wording switch
    {
        FilterWording.Models => $"Invalid order by key '{written}' specified. Valid keys are '{{'name', 'timestamp'}}'",
        FilterWording.LoggedModels => $"Invalid order by field name: {written}",
        _ => UnknownAttribute(schema.Sortable, written),
    };

    public static string OrderEntity(FilterSchema schema, FilterEntity entity, string key, string written) => schema.Wording switch
    {
        FilterWording.Runs => "Invalid identifier type 'dataset'",
        FilterWording.Versions => $"Invalid order by key '{key}' specified. Valid keys are {Set(Names(schema.Sortable))}",
        FilterWording.LoggedModels => $"Invalid order by field name: {written}. Only metrics are supported.",
        _ => $"Invalid order_by entity: {Singular(entity)}",
    };

    public static string OrderTwice(IEnumerable<string> items) => $"`order_by` contains duplicate fields: [{string.Join(", ", items.Select(Quoted))}]";

    public const string Unstorable = "The filter has a character that no text can have: NUL or half of a pair.";

    public static string TooLong(int most) => $"The filter is longer than {most} characters.";

    public static string TooMany(int most) => $"The filter has more than {most} comparisons.";

    public static string TooDeep(int most) => $"The filter has more than {most} levels of parentheses and NOT.";

    public static string ListTooLong(int most) => $"The list has more than {most} values.";

    private static IEnumerable<string> Names(IEnumerable<FilterKey> keys) => keys.SelectMany(key => key.Aliases.Prepend(key.Name));

    /// <summary>As Python prints a set, but sorted: its own order differs from process to process.</summary>
    private static string Set(IEnumerable<string> names) => $"{{{string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"))}}}";

    private static string Quoted(string text) => text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\"" : $"'{text}'";

    private static string Plural(FilterEntity entity) => entity switch
    {
        FilterEntity.Attribute => "attributes",
        FilterEntity.Metric => "metrics",
        FilterEntity.Param => "params",
        FilterEntity.Tag => "tags",
        _ => "datasets",
    };

    private static string Singular(FilterEntity entity) => entity switch
    {
        FilterEntity.Attribute => "attribute",
        FilterEntity.Metric => "metric",
        FilterEntity.Param => "parameter",
        FilterEntity.Tag => "tag",
        _ => "dataset",
    };
}
