using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>Renders after its elder siblings took their parameters: a table knows its columns by then.</summary>
public sealed class Defer : ComponentBase
{
    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
