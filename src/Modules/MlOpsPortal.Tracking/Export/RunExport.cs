using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Tracking.Search;

namespace MlOpsPortal.Tracking.Export;

/// <summary>All runs that a search finds, read page after page while they are written.</summary>
public sealed class RunExport(ExperimentDesk experiments, RunSearchDesk search)
{
    private const int PageSize = 500;

    /// <returns>Refused before the first run where the experiment is hidden or the search cannot be understood.</returns>
    public async Task<Result<IAsyncEnumerable<Run>>> ReadAsync(Caller caller, string experiment, string? filter, string? order, bool deleted, CancellationToken cancellationToken)
    {
        var known = await experiments.GetAsync(caller, experiment, cancellationToken);
        if (!known.IsOk)
            return known.Refusal;
        var asked = new SearchRuns([experiment], filter, deleted ? ViewType.DeletedOnly : ViewType.ActiveOnly, PageSize, string.IsNullOrEmpty(order) ? [] : [order]);
        var first = await search.SearchAsync(caller, asked, cancellationToken);
        return first.IsOk ? new Result<IAsyncEnumerable<Run>> { Value = PagesAsync(caller, asked, first.Value, cancellationToken) } : first.Refusal;
    }

    private async IAsyncEnumerable<Run> PagesAsync(Caller caller, SearchRuns asked, RunPage page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var run in page.Runs)
                yield return run;
            if (page.NextToken is null)
                yield break;
            // A person who loses the right meanwhile gets what she had until then.
            if ((await search.SearchAsync(caller, asked with { PageToken = page.NextToken }, cancellationToken)).Value is not { } next)
                yield break;
            page = next;
        }
    }

    /// <summary>"metrics.auc,params.a%2Cb": each name escaped, so that a comma in it is no comma between.</summary>
    public static ImmutableArray<string> Columns(string? text) => [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
}
