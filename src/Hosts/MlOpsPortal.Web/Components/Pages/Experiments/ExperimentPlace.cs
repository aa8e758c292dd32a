using Microsoft.AspNetCore.Components;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Web.Components.Pages.Models;

namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>A page of one experiment, below its project.</summary>
public abstract class ExperimentPlace : ProjectPlace
{
    [Parameter]
    public required string ExperimentKey { get; set; }

    protected string ExperimentHome => $"{Home}/experiments/{ExperimentKey}";

    protected string RunHome(string run) => $"{ExperimentHome}/runs/{run}";

    protected override bool Concerns(LiveEvent happened) => happened.SubjectKind == "experiment" && happened.SubjectId == ExperimentKey || happened.SubjectKind == "run" && happened.Scope?.ToString() == Id;
}
