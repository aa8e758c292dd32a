namespace MlOpsPortal.Web.Ui;

/// <summary>Short news at the edge of the page: what was just done, with the way to it or back. They outlive the page that said them.</summary>
public sealed class Toasts
{
    private readonly List<Toast> shown = [];

    public event EventHandler? Changed;

    public IReadOnlyList<Toast> Shown => shown;

    public void Say(Toast toast)
    {
        shown.RemoveAll(other => other.Key is not null && other.Key == toast.Key);
        shown.Add(toast);
        if (shown.Count > 3)
            shown.RemoveAt(0);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    public void Close(Toast toast)
    {
        if (shown.Remove(toast))
            Changed?.Invoke(this, EventArgs.Empty);
    }
}

/// <param name="Text">One sentence.</param>
/// <param name="Key">A later toast of the same key takes its place.</param>
public sealed record Toast(string Text, string? Key = null)
{
    public Components.Kit.Tone Tone { get; init; } = Components.Kit.Tone.Neutral;

    /// <summary>Where to see more, with its words.</summary>
    public (string Href, string Text)? Link { get; init; }

    /// <summary>Takes back what was done.</summary>
    public Func<Task>? Undo { get; init; }
}
