using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Components.Pages.Projects;

/// <summary>The five stages in words, and as the spine shows them.</summary>
internal static class StageNames
{
    public static string Of(Stage stage) => stage switch
    {
        Stage.BusinessUnderstanding => "Business understanding",
        Stage.DataAcquisition => "Data acquisition",
        Stage.ModelDevelopment => "Model development",
        Stage.ModelDeployment => "Model deployment",
        Stage.ModelMonitoring => "Model monitoring",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No such stage."),
    };

    public static string PageOf(Stage stage) => stage switch
    {
        Stage.BusinessUnderstanding => "business",
        Stage.DataAcquisition => "datasets",
        Stage.ModelDevelopment => "models",
        Stage.ModelDeployment => "endpoints",
        Stage.ModelMonitoring => "monitoring",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No such stage."),
    };

    public static IReadOnlyList<SpineStage> Spine(Project project, string root) =>
        [.. project.Stages.Select(record => new SpineStage(Of(record.Stage), StateOf(record), Note(record), $"{root}/projects/{project.Id}/{PageOf(record.Stage)}"))];

    private static SpineState StateOf(StageRecord record) => record.State switch
    {
        StageState.SignedOff => SpineState.Done,
        StageState.Open when record.History.Length > 0 => SpineState.Reopened,
        StageState.Open => SpineState.Current,
        StageState.NotStarted => SpineState.Ahead,
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.State, "No such state."),
    };

    private static string Note(StageRecord record) => record.State switch
    {
        StageState.SignedOff => $"signed off {record.History[^1].At:d MMM}",
        StageState.Open when record.History.Length > 0 => $"reopened {record.History[^1].At:d MMM}",
        StageState.Open => "open",
        _ => "not started",
    };
}
