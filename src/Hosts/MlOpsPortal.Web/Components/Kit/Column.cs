using Microsoft.AspNetCore.Components;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>A column of a <see cref="DataTable{TItem}"/>; it renders nothing itself.</summary>
public sealed class Column<TItem> : ComponentBase
{
    [CascadingParameter]
    private DataTable<TItem> Table { get; set; } = default!; // Always inside a table.

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>The cell as text; "–" stands for none.</summary>
    [Parameter]
    public Func<TItem, string?>? Text { get; set; }

    /// <summary>The cell as markup, instead of <see cref="Text"/>.</summary>
    [Parameter]
    public RenderFragment<TItem>? ChildContent { get; set; }

    /// <summary>The heading as markup; Title remains its name.</summary>
    [Parameter]
    public RenderFragment? Heading { get; set; }

    /// <summary>Right-aligned, tabular figures.</summary>
    [Parameter]
    public bool Numeric { get; set; }

    /// <summary>Names the row to a screen reader and carries the row's link.</summary>
    [Parameter]
    public bool RowHeader { get; set; }

    /// <summary>Secondary text.</summary>
    [Parameter]
    public bool Muted { get; set; }

    /// <summary>Makes the column sortable under this key; the page orders the items by it.</summary>
    [Parameter]
    public string? Sort { get; set; }

    /// <summary>With Sort: the table orders the items itself, nulls last.</summary>
    [Parameter]
    public Func<TItem, IComparable?>? SortBy { get; set; }

    /// <summary>CSS width, where it should not follow the content.</summary>
    [Parameter]
    public string? Width { get; set; }

    protected override void OnParametersSet() => Table.Add(this);
}
