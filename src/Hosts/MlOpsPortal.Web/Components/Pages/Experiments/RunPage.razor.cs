using System.Collections.Immutable;
using System.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Registry.Versions;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.LoggedModels;
using MlOpsPortal.Tracking.Logging;
using MlOpsPortal.Tracking.Runs;
using MlOpsPortal.Web.Components.Artifacts;
using MlOpsPortal.Web.Components.Charts;
using MlOpsPortal.Web.Components.Kit;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>One run: what it is, its metrics as charts, its files.</summary>
public sealed partial class RunPage
{
    private const string ViewMetrics = "metrics";
    private const string ViewArtifacts = "artifacts";

    /// <summary>Says that the run's own files are meant; without a word the first logged model is shown for a run that has none.</summary>
    private const string OwnFiles = "run";

    private enum Asking
    {
        Nothing,
        Rename,
        Tag,
        Delete,
    }

    private Experiment? experiment;
    private RunRow? run;
    private RunRow? parent;
    private IReadOnlyList<RunRow> children = [];
    private IReadOnlyList<LoggedModel> models = [];
    private ImmutableArray<RegisteredVersion> registered = [];
    private ArtifactOwner? owner;
    private ChartState charts = new();
    private IReadOnlyDictionary<string, RunMark> marks = ImmutableDictionary<string, RunMark>.Empty;
    private IReadOnlyDictionary<string, IReadOnlyList<Curve>> curves = ImmutableDictionary<string, IReadOnlyList<Curve>>.Empty;
    private IReadOnlyList<LoggedImage> images = [];
    private Asking asking;
    private bool mayLog, mayDelete;
    private string? text, value, seen, artifactUri;

    [Parameter]
    public required string RunKey { get; set; }

    /// <summary>overview, metrics or artifacts.</summary>
    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>A logged model of the run whose files are shown.</summary>
    [SupplyParameterFromQuery]
    public string? Model { get; set; }

    [Inject]
    private VersionDesk Versions { get; set; } = default!; // set by the framework, as all of these

    [Inject]
    private IArtifactShelf Shelf { get; set; } = default!;

    [Inject]
    private ExperimentDesk Experiments { get; set; } = default!;

    [Inject]
    private RunDesk Runs { get; set; } = default!;

    [Inject]
    private LogDesk Log { get; set; } = default!;

    [Inject]
    private RunBook Book { get; set; } = default!;

    [Inject]
    private IPermissions Permissions { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private IOptions<TrackingOptions> Options { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    [Inject]
    private Toasts Toasts { get; set; } = default!;

    private string View => Tab is ViewMetrics or ViewArtifacts ? Tab : "overview";

    private IReadOnlyList<Tab> Views => [new("Overview", Href("overview")), new("Metrics", Href(ViewMetrics), run?.Metrics.Count), new("Artifacts", Href(ViewArtifacts))];

    private string Sentence => run switch
    {
        null => "",
        { IsOver: false } => $"Going on{(run.Start is { } start ? " since " + Numbers.Duration(Time.GetUtcNow() - start) : "")}.",
        { Duration: { } time } => $"{(run.Status == "FINISHED" ? "Finished" : ExperimentWords.Status(run.Status).Word.ToUpperInvariant()[0] + ExperimentWords.Status(run.Status).Word[1..])} after {Numbers.Duration(time)}; {Numbers.Of(run.Metrics.Count, "metric")}, {Numbers.Of(run.Params.Count, "parameter")}.",
        _ => $"{Numbers.Of(run.Metrics.Count, "metric")}, {Numbers.Of(run.Params.Count, "parameter")}.",
    };

    private string KeptFor => (registered.Length == 1 ? "The registered version " : "The registered versions ") + string.Join(", ", registered.Take(5).Select(version => $"{version.Name} v{version.Number}")) + (registered.Length > 5 ? " and more" : "");

    private string? Source => run is null ? null : (run.Tags.GetValueOrDefault("mlflow.source.name"), run.Tags.GetValueOrDefault("mlflow.source.type")) switch
    {
        (null, _) => null,
        ({ } name, null) => name,
        var (name, type) => $"{name} ({type!.ToLowerInvariant()})",
    };

    // MLflow's own tags have places of their own on the page, or tell people nothing.
    private IReadOnlyList<KeyValuePair<string, string>> Tags =>
        run is null ? [] : [.. run.Tags.Where(tag => !tag.Key.StartsWith("mlflow.", StringComparison.Ordinal)).OrderBy(tag => tag.Key, StringComparer.Ordinal)];

    protected override bool Concerns(LiveEvent happened) =>
        happened.SubjectKind == "registeredModel" || base.Concerns(happened) && (happened.SubjectKind != "run" || happened.SubjectId == RunKey);

    protected override async Task LoadAsync()
    {
        seen = Navigation.Uri;
        charts = ChartState.Read(HttpUtility.ParseQueryString(new Uri(Navigation.Uri).Query));
        if (!Take(await Runs.GetAsync(Caller, RunKey, Gone), found => (run, artifactUri) = (RunRow.Of(found), found.Info.ArtifactUri)))
            return;
        if (!Take(await Experiments.GetAsync(Caller, run!.Experiment, Gone), found => experiment = found)) // taken just now
            return;
        if (experiment!.Project.ToString() != Id || run.Experiment != ExperimentKey) // likewise
        {
            Navigation.NavigateTo($"{Root}/experiments/{run.Experiment}/runs/{RunKey}{new Uri(Navigation.Uri).Query}", replace: true);
            return;
        }

        var roles = await Permissions.RolesAsync(Caller, experiment.Project.Scope, Gone);
        (mayLog, mayDelete) = (TrackingPermissions.Log.Roles.Any(roles.Contains), TrackingPermissions.Delete.Roles.Any(roles.Contains));
        marks = RunMark.For([run.Id]);
        parent = run.Parent is { } above && (await Runs.GetAsync(Caller, above, Gone)).Value is { } found ? RunRow.Of(found) : null;
        children = await Book.ChildrenAsync(Caller, run, Gone);
        models = await Book.ModelsAsync(Caller, run, Gone);
        registered = await Versions.OfRunAsync(Caller, RunKey, Gone);
        await DrawAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!Loaded || run is null || seen == Navigation.Uri)
            return;
        if (run.Id != RunKey)
        {
            await LoadAsync();
            return;
        }

        seen = Navigation.Uri;
        charts = ChartState.Read(HttpUtility.ParseQueryString(new Uri(Navigation.Uri).Query));
        await DrawAsync();
    }

    private async Task DrawAsync()
    {
        if (View == ViewMetrics && run is not null)
        {
            curves = await Book.CurvesAsync(Caller, [run], marks, charts, Gone);
            images = await Book.ImagesAsync(Caller, [run], Gone);
        }

        var asked = Navigation.Uri;
        if (View == ViewArtifacts && await OwnerAsync() is var whose && asked == Navigation.Uri) // another may have been chosen meanwhile
            owner = whose;
    }

    private async Task<ArtifactOwner> OwnerAsync()
    {
        var own = ArtifactOwner.Of(RunId.Parse(RunKey));
        if (models.FirstOrDefault(model => model.Id.ToString() == Model) is { } chosen)
            return ArtifactOwner.Of(chosen.Id);
        if (Model is not null || models.Count == 0 || (await Shelf.ListAsync(Caller, new ArtifactAddress(own, ArtifactPath.Root), Gone)).Value is not { Entries.IsEmpty: true })
            return own;
        return ArtifactOwner.Of(models[0].Id);
    }

    private string Href(string view, ChartState? how = null, string? model = null)
    {
        var parts = new List<string>();
        if (view != "overview")
            parts.Add("tab=" + view);
        if (model is not null)
            parts.Add("model=" + model);
        if (view == ViewMetrics)
            (how ?? charts).Write((name, text) =>
            {
                if (!string.IsNullOrEmpty(text))
                    parts.Add($"{name}={Uri.EscapeDataString(text)}");
            });
        return RunHome(RunKey) + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));
    }

    private void Close() => asking = Asking.Nothing;

    private async Task<Refusal?> RenameAsync() => (await Runs.UpdateAsync(Caller, RunKey, new UpdateRun(null, null, text?.Trim() ?? ""), Gone)).Refusal;

    private async Task<Refusal?> TagAsync() => (await Log.LogAsync(Caller, RunKey, LogBatch.OfTag(text?.Trim() ?? "", value ?? ""), Gone)).Refusal;

    private async Task SetTagAsync(string key, string written)
    {
        if (Say(await Log.LogAsync(Caller, RunKey, LogBatch.OfTag(key, written), Gone)))
            await LoadAsync();
    }

    private async Task DeleteTagAsync(string key)
    {
        if (Say(await Runs.DeleteTagAsync(Caller, RunKey, key, Gone)))
            await LoadAsync();
    }

    private async Task DeleteAsync()
    {
        var deleted = await Runs.DeleteAsync(Caller, RunKey, Gone);
        if (!Say(deleted) || deleted.Value is not { } gone)
            return;
        var (name, key) = (run!.Name, RunKey); // the dialog stands on it
        Toasts.Say(new Toast($"{name} is deleted with {Numbers.Count(gone.Metrics)} values of metrics; it can be restored until {gone.Until:d MMM yyyy}.") { Undo = async () => Say(await Runs.RestoreAsync(Caller, key, CancellationToken.None)) });
        Navigation.NavigateTo(ExperimentHome);
    }

    private async Task RestoreAsync()
    {
        if (!Say(await Runs.RestoreAsync(Caller, RunKey, Gone)))
            return;
        await LoadAsync();
        StateHasChanged();
        await Browser.InvokeVoidAsync("portalKit.arriveAgain"); // the button is gone
    }

    private bool Say<T>(Result<T> result)
    {
        if (!result.IsOk)
            Toasts.Say(new Toast(Texts.Sentence(result.Refusal)) { Tone = Tone.Bad });
        return result.IsOk;
    }
}
