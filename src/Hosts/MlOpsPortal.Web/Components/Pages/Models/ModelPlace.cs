using Microsoft.AspNetCore.Components;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects;
using MlOpsPortal.Web.Ui;

namespace MlOpsPortal.Web.Components.Pages.Models;

/// <summary>A page below a project: its id and address.</summary>
public abstract class ProjectPlace : PortalPage
{
    /// <summary>The project.</summary>
    [Parameter]
    public required string Id { get; set; }

    protected ProjectId Project => ProjectId.TryParse(Id, null, out var id) ? id : default;

    protected string Home => $"{Root}/projects/{Id}";

    protected override bool Concerns(LiveEvent happened) => happened.Scope?.ToString() == Id && happened.SubjectKind is "model" or "release" or "dataset";
}

/// <summary>A page of one model.</summary>
public abstract class ModelPlace : ProjectPlace
{
    [Parameter]
    public required string ModelKey { get; set; }

    protected ModelId Model => ModelId.TryParse(ModelKey, null, out var id) ? id : default;

    protected string ModelHome => $"{Home}/models/{ModelKey}";
}
