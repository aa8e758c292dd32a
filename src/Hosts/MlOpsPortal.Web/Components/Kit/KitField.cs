using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MlOpsPortal.Web.Components.Kit;

/// <summary>
/// What every field of a form has: a label tied to its input, a hint, and the errors of the edit context and of the server,
/// tied by aria-describedby. Works with and without an EditForm, static or interactive.
/// </summary>
public abstract class KitField<TValue> : InputBase<TValue>
{
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string? Hint { get; set; }

    /// <summary>The server's refusal for this field, as the sentence the person reads.</summary>
    [Parameter]
    public string? Error { get; set; }

    /// <summary>Says "optional" beside the label; fields are required otherwise.</summary>
    [Parameter]
    public bool Optional { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    protected string Id { get; private set; } = "";

    protected IReadOnlyList<string> Errors =>
    [
        .. EditContext?.GetValidationMessages(FieldIdentifier) ?? [],
        .. Error is null ? Array.Empty<string>() : [Error],
    ];

    /// <summary>"true" or nothing: the attribute is absent on a field in order.</summary>
    protected string? Invalid => Errors.Count > 0 ? "true" : null;

    protected string? DescribedBy
    {
        get
        {
            var ids = (Hint, Errors.Count) switch
            {
                (null, 0) => null,
                (null, _) => $"{Id}-error",
                (_, 0) => $"{Id}-hint",
                _ => $"{Id}-hint {Id}-error",
            };
            return ids;
        }
    }

    protected string? Name => string.IsNullOrEmpty(NameAttributeValue) ? null : NameAttributeValue;

    protected override void OnInitialized() => Id = ElementId.Next("field");
}
