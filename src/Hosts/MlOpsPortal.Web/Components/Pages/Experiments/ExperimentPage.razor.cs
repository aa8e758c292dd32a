using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Preferences;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Kit;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>What the page reads, and what its buttons do. What it shows follows from the address and the runs.</summary>
public sealed partial class ExperimentPage
{
    private enum Asking
    {
        Nothing,
        Rename,
        Move,
        Delete,
        RenameRun,
        Tags,
        DeleteRuns,
    }

    private readonly HashSet<string> selected = new(StringComparer.Ordinal);
    private Experiment? experiment;
    private int stoodOn;
    private IReadOnlyList<ProjectSummary> projects = [];
    private IReadOnlyList<RunRow> runs = [];
    private IReadOnlyList<RunLine> lines = [];
    private IReadOnlyList<RunColumn> columns = [];
    private IReadOnlyList<RunRow> drawn = [];
    private IReadOnlyDictionary<string, RunMark> marks = ImmutableDictionary<string, RunMark>.Empty;
    private IReadOnlyDictionary<string, IReadOnlyList<Curve>> curves = ImmutableDictionary<string, IReadOnlyList<Curve>>.Empty;
    private IReadOnlyList<LoggedImage> images = [];
    private RunTableState state = new();
    private (int Start, int Length, string Sentence)? fault;
    private Asking asking;
    private long matches;
    private bool more, loaded, connecting, choosing, mayLog, mayDelete, mayMove;
    private string? projectName, note, text, value, seen, asked, drawnFor, focus;

    /// <summary>The columns that she chose here the last time, on whatever machine; null for the usual.</summary>
    private ImmutableArray<string>? kept;

    /// <summary>The filter. The whole state is read from the address (<see cref="RunTableState"/>); that this is a query parameter is how the page hears of a new query.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Query { get; set; }

    [Inject]
    private ExperimentDesk Experiments { get; set; } = default!; // set by the framework, as all of these

    [Inject]
    private RunDesk RunsOf { get; set; } = default!;

    [Inject]
    private LogDesk Log { get; set; } = default!;

    [Inject]
    private RunBook Book { get; set; } = default!;

    [Inject]
    private ProjectPortfolio Portfolio { get; set; } = default!;

    [Inject]
    private IPermissions Permissions { get; set; } = default!;

    [Inject]
    private Toasts Toasts { get; set; } = default!;

    /// <summary>Nothing was ever logged here: the page says how to begin.</summary>
    private bool IsBare => loaded && runs.Count == 0 && fault is null && state is { Filter: "", Since: null, Deleted: false } && experiment is { IsDeleted: false };

    private string Sentence => !loaded || fault is not null || experiment is null ? "" : IsBare ? "No runs logged yet." : runs.Count(run => !run.IsOver) is > 0 and var running
        ? $"{ExperimentWords.Runs(running)} going on." : runs.Count == 0 ? "No run fits." : $"The newest run {(runs.Max(run => run.Start) is { } last ? "began " + Times.Relative(last, Time.GetUtcNow()) : "has no start")}.";

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private PreferenceDesk Preferences { get; set; } = default!;

    [Inject]
    private IOptions<TrackingOptions> Options { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    private string ColumnsPreference => $"columns:{ExperimentKey}";

    private string Matches => matches > RunBook.MostCounted ? $"more than {Numbers.Count(RunBook.MostCounted)}" : Numbers.Count(matches);

    private string Found => fault is not null ? "The filter cannot be understood." : !loaded ? "Looking…" : matches == 1 ? "1 matching run" : $"{Matches} matching runs";

    private string KeptWords => stoodOn == 1 ? "1 run or logged model is" : $"{Numbers.Count(stoodOn)} runs and logged models are";

    private string RestoreWindow => Options.Value.RestoreDays == 1 ? "1 day" : $"{Numbers.Count(Options.Value.RestoreDays)} days";

    private string Restorable => experiment?.DeletedAt is { } deleted ? $"after {(deleted + TimeSpan.FromDays(Options.Value.RestoreDays)).ToString("d MMM yyyy", CultureInfo.CurrentCulture)}" : "later";

    /// <summary>The state with what is kept for her alone, so that a link shows others the same.</summary>
    private RunTableState Told => (state.Columns ?? kept) is { } shown && !state.Usual ? state with { Columns = shown } : state with { Usual = true };

    private string CompareHref => $"{ExperimentHome}/compare{new CompareState { Runs = [.. SelectedRuns.Select(run => run.Id).Take(CompareState.Most)] }.ToQuery()}";

    private string CsvHref => $"/api/v1/experiments/{ExperimentKey}/runs.csv?" + string.Join('&', CsvQuery.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));

    private IEnumerable<(string Name, string Value)> CsvQuery =>
    [
        ("filter", RunBook.Filter(state, Time.GetUtcNow())), ("order", RunBook.Order(state) ?? ""), ("deleted", state.Deleted ? "true" : "false"), ("columns", string.Join(',', columns.Select(column => Uri.EscapeDataString(column.Key)))),
    ];

    // In the order of the table, as a comparison shows them.
    private IEnumerable<RunRow> SelectedRuns => runs.Where(run => selected.Contains(run.Id));

    private string DeletionWords
    {
        get
        {
            var doomed = SelectedRuns.ToList();
            return $"Goes away: {string.Join(", ", doomed.Take(3).Select(run => run.Name))}{(doomed.Count > 3 ? $" and {doomed.Count - 3} more" : "")}, with {Numbers.Of(doomed.Sum(run => run.Metrics.Count), "metric")}, {Numbers.Of(doomed.Sum(run => run.Params.Count), "parameter")} and their files.";
        }
    }

    // While nothing is here yet, whoever waits is led to the first run itself.
    protected override bool Concerns(LiveEvent happened) => !(IsBare && mayLog && happened.Type == Pulse.Logged) && (state.Live || happened.Type != Pulse.Logged) && base.Concerns(happened);

    protected override async Task LoadAsync()
    {
        seen = Navigation.Uri;
        state = RunTableState.Read(Navigation.Uri);
        var found = await Experiments.GetAsync(Caller, ExperimentKey, Gone);
        if (!Take(found, read => experiment = read))
            return;
        if (experiment!.Project.ToString() != Id) // taken just now
        {
            // It was moved: the link still leads to it.
            Navigation.NavigateTo($"{Root}/experiments/{ExperimentKey}{new Uri(Navigation.Uri).Query}", replace: true);
            return;
        }

        kept = await Preferences.FindAsync(Caller, ColumnsPreference, Gone) is { } chosen ? RunTableState.ColumnsOf(chosen) : null;
        note = experiment.Tags.FirstOrDefault(tag => tag.Key == NoteCard.Tag).Value;
        projects = (await Portfolio.ListAsync(Caller, PageRequest.Of(PageRequest.MaxLimit, null), archived: false, Gone)).Items;
        projectName = projects.FirstOrDefault(project => project.Id == experiment.Project)?.Name;
        var roles = await Permissions.RolesAsync(Caller, experiment.Project.Scope, Gone);
        (mayLog, mayDelete, mayMove) = (TrackingPermissions.Log.Roles.Any(roles.Contains), TrackingPermissions.Delete.Roles.Any(roles.Contains), TrackingPermissions.Move.Roles.Any(roles.Contains));
        stoodOn = (await Experiments.KeptAsync(Caller, ExperimentKey, Gone)).Value;
        await ReadRunsAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!Loaded || experiment is null || seen == Navigation.Uri)
            return;
        seen = Navigation.Uri;
        state = RunTableState.Read(Navigation.Uri);
        if (asked == AskedFor(state))
            await ArrangeAsync();
        else
            await ReadRunsAsync();
    }

    private async Task ReadRunsAsync()
    {
        var mine = asked = AskedFor(state);
        var found = await Book.SearchAsync(Caller, ExperimentKey, state, Gone);
        if (mine != asked)
            return; // something else has been asked meanwhile, and its answer is on the way or here
        loaded = true;
        if (found.Fault is not null)
        {
            // The runs that were there stay: a filter that is half typed should not empty the page.
            fault = found.Fault;
            await ArrangeAsync();
            return;
        }

        if (!Take(found.Runs, page => (runs, more, matches, fault) = (page.Runs, page.More, page.Matches, null)))
            return;
        drawnFor = null;
        selected.IntersectWith(runs.Select(run => run.Id));
        await ArrangeAsync();
    }

    /// <summary>From the runs that are here and the state of the address to what is shown.</summary>
    private async Task ArrangeAsync()
    {
        lines = RunLines.Of(runs, state);
        columns = (state.Columns ?? kept) is { } chosen && !state.Usual ? [.. chosen.Select(RunColumn.Parse).OfType<RunColumn>()] : RunColumn.Default(runs);
        drawn = RunEye.Visible(lines, runs, state);
        marks = RunMark.For(drawn.Select(run => run.Id));
        var wanted = $"{state.View} {state.Charts.X} {state.Charts.Find} {state.Charts.Cards} {string.Join('.', drawn.Select(run => run.Id))}";
        if (state.View != "charts" || wanted == drawnFor)
            return;
        drawnFor = wanted;
        curves = await Book.CurvesAsync(Caller, drawn, marks, state.Charts, Gone);
        images = await Book.ImagesAsync(Caller, drawn, Gone);
    }

    private static string AskedFor(RunTableState of) => new RunTableState { Filter = of.Filter, Deleted = of.Deleted, Since = of.Since, Sort = of.Sort, Rows = of.Rows, Pinned = of.Pinned }.ToQuery();

    private string Href(RunTableState of) => ExperimentHome + of.ToQuery();

    /// <param name="keep">A step that "back" returns from; otherwise the address is set right in its place.</param>
    private void Go(RunTableState next, bool keep = false) => Navigation.NavigateTo(Href(next), replace: !keep);

    /// <param name="chosen">Null for the usual.</param>
    private async Task ChooseAsync(IReadOnlyList<RunColumn>? chosen)
    {
        ImmutableArray<string>? keys = chosen is null ? null : [.. chosen.Select(column => column.Key)];
        if (Say(await Preferences.KeepAsync(Caller, ColumnsPreference, keys is { } some ? RunTableState.TextOf(some) : null, Gone)))
            kept = keys;
        state = state with { Columns = keys, Usual = false };
        await ArrangeAsync(); // back to the usual the address may be the one that it was
        Go(state);
    }

    private async Task TurnLiveAsync(bool live)
    {
        Go(state with { Live = live });
        if (live)
            await ReadRunsAsync();
    }

    private void Select(IReadOnlyList<string> ids)
    {
        var all = ids.All(selected.Contains);
        foreach (var id in ids)
        {
            if (all)
                selected.Remove(id);
            else
                selected.Add(id);
        }
    }

    private void SelectAll(bool all)
    {
        selected.Clear();
        if (all)
            selected.UnionWith(lines.OfType<RunLine.Of>().Select(line => line.Run.Id));
    }

    private void ClearSelection()
    {
        selected.Clear();
        focus = RunsTable.Region;
    }

    // What was pressed is gone with the selection, or with the deletion: the work goes on at the table, or at the head.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (focus is not { } place)
            return;
        focus = null;
        await Browser.InvokeVoidAsync("portalKit.focusIfLost", place);
        await Browser.InvokeVoidAsync("portalKit.arriveAgain");
    }

    private void Ask(Asking what)
    {
        (asking, value) = (what, null);
        text = what switch { Asking.Rename => experiment?.Name, Asking.RenameRun => SelectedRuns.FirstOrDefault()?.Name, _ => null };
    }

    private void Close() => asking = Asking.Nothing;

    private Task ReadAgainAsync() => ReadRunsAsync();

    private async Task<Refusal?> RenameAsync() => (await Experiments.RenameAsync(Caller, ExperimentKey, text?.Trim() ?? "", Gone)).Refusal;

    private async Task<Refusal?> MoveAsync() =>
        (await Experiments.MoveAsync(Caller, ExperimentKey, ProjectId.TryParse(text, null, out var to) ? to : default, Gone)).Refusal;

    private async Task<Refusal?> RenameRunAsync() => (await RunsOf.UpdateAsync(Caller, selected.First(), new UpdateRun(null, null, text?.Trim() ?? ""), Gone)).Refusal;

    private async Task<Refusal?> TagAsync()
    {
        foreach (var id in selected)
        {
            if ((await Log.LogAsync(Caller, id, LogBatch.OfTag(text?.Trim() ?? "", value ?? ""), Gone)).Refusal is { } refusal)
                return refusal;
        }

        return null;
    }

    private async Task SaveNoteAsync(string written)
    {
        if (Say(await Experiments.SetTagAsync(Caller, ExperimentKey, NoteCard.Tag, written, Gone)))
            note = written;
    }

    private async Task DeleteExperimentAsync()
    {
        var deleted = await Experiments.DeleteAsync(Caller, ExperimentKey, Gone);
        if (!Say(deleted) || deleted.Value is not { } gone)
            return;
        var name = experiment!.Name; // the dialog stands on it
        Toasts.Say(new Toast($"{name} is deleted with {ExperimentWords.Runs(gone.Runs)}; it can be restored until {gone.Until:d MMM yyyy}.") { Undo = RestoreExperimentAsync });
        Navigation.NavigateTo($"{Home}/experiments");
    }

    private async Task RestoreExperimentAsync()
    {
        if (Say(await Experiments.RestoreAsync(Caller, ExperimentKey, CancellationToken.None)))
            Navigation.NavigateTo(ExperimentHome, forceLoad: false);
        if (Gone.IsCancellationRequested)
            return;
        await LoadAsync();
        focus = RunsTable.Region;
    }

    private async Task DeleteRunsAsync()
    {
        var ids = selected.ToList();
        var (metrics, gone) = (0L, 0);
        foreach (var id in ids)
        {
            var deleted = await RunsOf.DeleteAsync(Caller, id, Gone);
            if (!Say(deleted) || deleted.Value is not { } one)
                break;
            (metrics, gone) = (metrics + one.Metrics, gone + 1);
        }

        if (gone > 0)
            Toasts.Say(new Toast($"{ExperimentWords.Runs(gone)} deleted with {Numbers.Count(metrics)} values of metrics.") { Undo = () => BringBackAsync(ids) });
        ClearSelection();
        await ReadRunsAsync();
    }

    private async Task RestoreRunsAsync()
    {
        await BringBackAsync([.. selected]);
        ClearSelection();
        await ReadRunsAsync();
    }

    // Also from the toast, when the page may be left already.
    private async Task BringBackAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            if (!Say(await RunsOf.RestoreAsync(Caller, id, CancellationToken.None)))
                return;
        }
    }

    private bool Say<T>(Result<T> result)
    {
        if (!result.IsOk)
            Toasts.Say(new Toast(Texts.Sentence(result.Refusal)) { Tone = Tone.Bad });
        return result.IsOk;
    }
}
