using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Filtering;

namespace MlOpsPortal.Registry.Versions;

/// <summary>A search as a client asks it.</summary>
public sealed record RegistrySearch(string? Filter, ImmutableArray<string> OrderBy, int MaxResults, string? PageToken)
{
    /// <summary>Everything that decides what is listed in which order.</summary>
    internal string Query(string kind) => $"{kind}\n{Filter}\n{string.Join('\n', OrderBy)}";
}

/// <summary>A page of what was found.</summary>
/// <param name="NextPageToken">Null on the last page.</param>
public sealed record Found<T>(ImmutableArray<T> Items, string? NextPageToken);

/// <summary>A column to sort by; none of them is ever null.</summary>
internal sealed record SortColumn(string Sql, bool IsText, bool Ascending);

/// <summary>What both searches share.</summary>
internal static class SearchPage
{
    /// <summary>ORDER BY, and what begins behind the last row of the page before.</summary>
    public static string Order(IEnumerable<SortColumn> columns) => string.Join(", ", columns.Select(column => column.Sql + (column.Ascending ? "" : " DESC")));

    public static void After(FilterSql sql, IReadOnlyList<SortColumn> columns, ImmutableArray<string?> last)
    {
        sql.Text(" AND (");
        for (var index = 0; index < columns.Count; index++)
        {
            sql.Text(index == 0 ? "(" : " OR (");
            for (var before = 0; before < index; before++)
                Compare(sql, columns[before], " = ", last[before]).Text(" AND ");
            Compare(sql, columns[index], columns[index].Ascending ? " > " : " < ", last[index]).Text(")");
        }

        sql.Text(")");
    }

    public static void Visible(FilterSql sql, VisibleScopes visible)
    {
        if (!visible.All)
            sql.Text(" AND m.project_id = ANY(").Values([.. visible.Scopes]).Text(")");
    }

    /// <summary>Does the filter ask for prompts? Otherwise they are left out, whatever else it says.</summary>
    public static bool AsksForPrompts(FilterNode filter) => filter.Terms.FirstOrDefault(IsAboutPrompts) is { } first
        && first.Values is [{ Text: { } value }] && (first.Operator, value.ToUpperInvariant()) is (FilterOperator.Equal, "TRUE") or (FilterOperator.NotEqual, "FALSE");

    public static bool IsAboutPrompts(FilterTerm term) => term is { Entity: FilterEntity.Tag, Key: RegistryDesk.PromptTag };

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static FilterSql Compare(FilterSql sql, SortColumn column, string sign, string? value)
    {
        sql.Text(column.Sql).Text(sign);
        return column.IsText ? sql.Value(value ?? "") : sql.Value(long.Parse(value ?? "0", CultureInfo.InvariantCulture));
    }
}
