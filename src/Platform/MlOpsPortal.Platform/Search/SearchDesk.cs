using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Search;

/// <summary>Looks for words in the names and descriptions of everything that the caller may see. Bounded in text, words, rows and time.</summary>
public sealed class SearchDesk(IEnumerable<ISearchSource> sources, IPermissions permissions, IScopeDirectory scopes, TimeProvider time)
{
    public const int LongestText = 100;
    public const int MostWords = 8;
    private const int MostOfOneSource = 20;
    private const int MostOfAll = 50;
    private const int LongestExcerpt = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <returns>The best first; refused when there is too little or too much to look for, or it takes too long.</returns>
    public async Task<Result<IReadOnlyList<SearchHit>>> FindAsync(Caller caller, string? text, CancellationToken cancellationToken)
    {
        var words = Words(text ?? "");
        if (!words.IsOk)
            return words.Refusal;
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        var query = new SearchQuery(text!.Trim(), [.. words.Value.Select(Pattern)], visible, MostOfOneSource); // words were found in it
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var found = new List<SearchHit>();
            foreach (var source in sources)
                found.AddRange(await source.FindAsync(caller, query, either.Token));
            return await NamedAsync(caller, query.Text, found, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Unavailable("search.too_slow");
        }
    }

    internal static Result<string[]> Words(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (text.Trim().Length < 2)
            return new Validation("invalid") { Fields = [new FieldFault("q", "search.too_short")] };
        if (text.Length > LongestText || words.Length > MostWords || text.Any(char.IsControl))
            return new Validation("invalid")
            {
                Fields = [new FieldFault("q", "search.too_much", LongestText.ToString(CultureInfo.InvariantCulture), MostWords.ToString(CultureInfo.InvariantCulture))],
            };
        return words;
    }

    internal static string Pattern(string word) => $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private async Task<Result<IReadOnlyList<SearchHit>>> NamedAsync(Caller caller, string text, List<SearchHit> found, CancellationToken cancellationToken)
    {
        var best = found.OrderBy(hit => Rank(hit, text)).ThenBy(hit => hit.Title, StringComparer.OrdinalIgnoreCase).Take(MostOfAll).ToList();
        var names = await scopes.NamesAsync(caller.Tenant, [.. best.Select(hit => hit.Project).OfType<ScopeId>().Distinct()], cancellationToken);
        return best.ConvertAll(hit => hit with
        {
            ProjectName = hit.Project is { } project ? names.GetValueOrDefault(project) : null,
            Excerpt = hit.Excerpt is { Length: > LongestExcerpt } longer ? longer[..LongestExcerpt] + "…" : hit.Excerpt,
        });
    }

    private static int Rank(SearchHit hit, string text) =>
        hit.Title.Equals(text, StringComparison.OrdinalIgnoreCase) ? 0
        : hit.Title.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 1
        : hit.Title.Contains(text, StringComparison.OrdinalIgnoreCase) ? 2
        : 3;
}

/// <summary><c>/api/v1/search</c>.</summary>
internal static class SearchEndpoints
{
    public static void MapSearch(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/search", async (Caller caller, SearchDesk desk, CancellationToken cancellationToken, string? q = null) =>
            (await desk.FindAsync(caller, q, cancellationToken)).ToHttp())
            .Produces<IReadOnlyList<SearchHit>>().WithTags("Search").WithName("Search").WithSummary("Names and descriptions of everything you may see that have all the words of q; at most 50, the best first.");
}
