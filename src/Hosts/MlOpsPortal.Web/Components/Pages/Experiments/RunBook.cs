using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.LoggedModels;
using MlOpsPortal.Tracking.Metrics;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Tracking.Search;
using MlOpsPortal.Web.Components.Artifacts;
using MlOpsPortal.Web.Components.Charts;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <param name="More">There are more than these.</param>
/// <param name="Matches">How many in all, counted to <see cref="RunBook.MostCounted"/> and one.</param>
public sealed record RunListing(IReadOnlyList<RunRow> Runs, bool More, long Matches);

/// <summary>Runs as the pages show them, read as the person who asks.</summary>
public sealed class RunBook(RunSearchDesk search, RunDesk runs, MetricDesk metrics, ArtifactDesk artifacts, LoggedModelDesk models, TimeProvider time)
{
    public const int MostCounted = 10_000;

    /// <summary>Points of a curve: what a card's width can show.</summary>
    private const int CurvePoints = 320;
    private const int MostChildren = 1000;
    private const int MostFiles = 200;
    private const int MostImages = 2000;
    private const int MostModels = 50;

    /// <summary>The runs of an experiment that the state asks for, pinned ones with them; or where its filter cannot be understood.</summary>
    public async Task<((int Start, int Length, string Sentence)? Fault, Result<RunListing> Runs)> SearchAsync(Caller caller, string experiment, RunTableState state, CancellationToken cancellationToken)
    {
        if (SearchFilter.Parse(FilterSchemas.Runs, state.Filter).Faults is [var fault, ..])
            return ((fault.Start, fault.Length, fault.Message), new RunListing([], More: false, 0));
        var query = Query(experiment, Filter(state, time.GetUtcNow()), Order(state), state.Deleted ? ViewType.DeletedOnly : ViewType.ActiveOnly, state.Rows);
        var found = await search.SearchAsync(caller, query, cancellationToken);
        if (!found.IsOk)
            return (null, found.Refusal);
        List<RunRow> rows = [.. found.Value.Runs.Select(RunRow.Of)];
        var more = found.Value.NextToken is not null;
        long matches = more ? (await search.CountAsync(caller, query with { OrderBy = [], Most = MostCounted + 1 }, cancellationToken)).Value : rows.Count;
        foreach (var id in state.Pinned.Where(id => rows.TrueForAll(row => row.Id != id)))
        {
            if ((await runs.GetAsync(caller, id, cancellationToken)).Value is { } pinned && pinned.Info.Experiment.ToString() == experiment)
                rows.Add(RunRow.Of(pinned));
        }

        return (null, new RunListing(rows, more, matches));
    }

    /// <summary>These runs in this order, without those that are gone or hidden.</summary>
    public async Task<IReadOnlyList<RunRow>> GetAsync(Caller caller, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<RunRow>(ids.Count);
        foreach (var id in ids)
        {
            if ((await runs.GetAsync(caller, id, cancellationToken)).Value is { } run)
                found.Add(RunRow.Of(run));
        }

        return found;
    }

    public async Task<IReadOnlyList<RunRow>> ChildrenAsync(Caller caller, RunRow run, CancellationToken cancellationToken)
    {
        var found = await search.SearchAsync(caller, Query(run.Experiment, $"tags.`mlflow.parentRunId` = '{run.Id}'", null, ViewType.ActiveOnly, MostChildren), cancellationToken);
        return found.IsOk ? [.. found.Value.Runs.Select(RunRow.Of)] : [];
    }

    /// <summary>The models that a run wrote, without those that are deleted.</summary>
    public async Task<IReadOnlyList<LoggedModel>> ModelsAsync(Caller caller, RunRow run, CancellationToken cancellationToken)
    {
        var found = new List<LoggedModel>();
        foreach (var id in run.Models.Distinct(StringComparer.Ordinal).Take(MostModels))
        {
            if ((await models.GetAsync(caller, id, orDeleted: false, cancellationToken)).Value is { } model)
                found.Add(model);
        }

        return found;
    }

    /// <summary>The files of runs beside each other: their sizes, and by the beginning of their hashes whether they are the same.</summary>
    public async Task<IReadOnlyList<DiffLine>> FilesAsync(Caller caller, IReadOnlyList<RunRow> of, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var run in of)
        {
            var found = await artifacts.ListAllAsync(caller, new ArtifactAddress(ArtifactOwner.Of(RunId.Parse(run.Id)), ArtifactPath.Root), MostFiles, cancellationToken);
            files[run.Id] = found.IsOk ? found.Value.ToDictionary(file => file.Path.Text, file => $"{Kit.Numbers.Bytes(file.Length)} · {file.Sha256[..8]}", StringComparer.Ordinal) : [];
        }

        return RunDiff.Of(of, run => files[run.Id].Keys, (run, name) => files[run.Id].GetValueOrDefault(name));
    }

    /// <summary>The images of the runs that logged any.</summary>
    public async Task<IReadOnlyList<LoggedImage>> ImagesAsync(Caller caller, IReadOnlyList<RunRow> of, CancellationToken cancellationToken)
    {
        var images = new List<LoggedImage>();
        foreach (var run in of.Where(run => run.Tags.ContainsKey(LoggedImage.Tag)))
        {
            if (ArtifactViews.Address(run.Id, LoggedImage.Folder) is { } folder && (await artifacts.ListAllAsync(caller, folder, MostImages, cancellationToken)) is { IsOk: true } found)
                images.AddRange(LoggedImage.Of(run.Id, found.Value.Select(file => file.Path.Text)));
        }

        return images;
    }

    /// <summary>The newest run of an experiment that began after a moment; null while there is none.</summary>
    public async Task<RunRow?> NewestAsync(Caller caller, string experiment, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // Clocks of two machines differ: what was made here since then counts, whatever time its client says.
        var found = await search.SearchAsync(caller, Query(experiment, "", null, ViewType.ActiveOnly, 1), cancellationToken);
        return found.IsOk && found.Value.Runs is [var newest, ..] && MadeAt(newest.Info.Id) >= since ? RunRow.Of(newest) : null;
    }

    /// <summary>Histories of the metrics whose cards are drawn. One that has a single step in every run has none: it is drawn as bars.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Curve>>> CurvesAsync(
        Caller caller, IReadOnlyList<RunRow> drawn, IReadOnlyDictionary<string, RunMark> marks, ChartState state, CancellationToken cancellationToken)
    {
        var curves = ImmutableDictionary.CreateBuilder<string, IReadOnlyList<Curve>>(StringComparer.Ordinal);
        foreach (var key in MetricSections.Shown(drawn, state).Where(key => drawn.Any(run => run.Steps.ContainsKey(key))))
        {
            var with = drawn.Where(run => run.Metrics.ContainsKey(key)).ToList();
            var sampled = await metrics.SampleAsync(caller, [.. with.Select(run => run.Id)], key, CurvePoints, null, null, cancellationToken);
            if (!sampled.IsOk)
                continue;
            curves[key] =
            [
                .. sampled.Value.Select(series => (series, run: with.FirstOrDefault(run => run.Id == series.Run.ToString()))).Where(pair => pair.run is not null)
                    .Select(pair => new Curve(pair.run!.Name, marks[pair.run.Id], RunCurves.Of(pair.series.Points, state.X))), // those without were left out
            ];
        }

        return curves.ToImmutable();
    }

    // The id of a run has its time, to the millisecond: UUIDv7.
    private static DateTimeOffset MadeAt(RunId id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.ToString().AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).AddMilliseconds(1);

    private static SearchRuns Query(string experiment, string filter, string? order, ViewType view, int most) => new([experiment], filter, view, most, order is null ? [] : [order]);

    /// <summary>The state's filter with its time, as a search understands it.</summary>
    public static string Filter(RunTableState state, DateTimeOffset now)
    {
        if (RunTableState.Window(state.Since) is not { } window)
            return state.Filter;
        var since = string.Create(CultureInfo.InvariantCulture, $"attributes.start_time >= {(now - window).ToUnixTimeMilliseconds()}");
        return state.Filter.Length == 0 ? since : $"({state.Filter}) AND {since}";
    }

    /// <summary>The state's order, as a search understands it; null for the usual one.</summary>
    public static string? Order(RunTableState state)
    {
        if (state.Sort is not { Length: > 1 } sort)
            return null;
        var key = sort.TrimStart('-');
        var by = key == "attributes.run_name" ? key : RunColumn.Parse(key)?.Sort;
        return by is null ? null : by + (sort[0] == '-' ? " DESC" : " ASC");
    }
}
