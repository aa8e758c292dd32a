using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Search;

/// <summary>The names and descriptions of a module's things. Registered as a singleton.</summary>
public interface ISearchSource
{
    /// <summary>What has every word of the query in its name or description, inside <see cref="SearchQuery.Visible"/>: one parameterised query
    /// (<c>EF.Functions.ILike(row.Name, pattern, SearchQuery.Escape)</c> per pattern), at most <see cref="SearchQuery.Limit"/> rows.</summary>
    Task<IReadOnlyList<SearchHit>> FindAsync(Caller caller, SearchQuery query, CancellationToken cancellationToken);
}

/// <summary>What is looked for. Made by <see cref="SearchDesk"/>, which bounds it.</summary>
/// <param name="Patterns">A LIKE pattern per word, escaped: <c>%offers%</c>.</param>
/// <param name="Visible">The projects that the caller may know of.</param>
/// <param name="Limit">At most so many of one source.</param>
public sealed record SearchQuery(string Text, ImmutableArray<string> Patterns, VisibleScopes Visible, int Limit)
{
    /// <summary>The escape character of the patterns.</summary>
    public const string Escape = "\\";
}

/// <summary>Something found.</summary>
/// <param name="Kind">As in <see cref="Outbox.Subject"/>: project, kpi, dataset, model…</param>
/// <param name="Excerpt">Its description; null without one.</param>
/// <param name="Href">Its page, below <c>/t/{tenant}</c>.</param>
public sealed record SearchHit(string Kind, string Title, string? Excerpt, ScopeId? Project, string Href)
{
    /// <summary>Filled in by <see cref="SearchDesk"/>.</summary>
    public string? ProjectName { get; init; }
}
