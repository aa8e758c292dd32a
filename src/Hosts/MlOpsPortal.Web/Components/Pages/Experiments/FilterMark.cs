namespace MlOpsPortal.Web.Components.Pages.Experiments;

/// <summary>A filter cut where it cannot be understood, so that the page can point at the character.</summary>
public sealed record FilterMark(string Before, string At, string After, int Character)
{
    /// <param name="text">The filter.</param>
    /// <param name="start">From 0.</param>
    /// <param name="length">0 where something is missing: then the mark stands between two characters.</param>
    public static FilterMark Of(string text, int start, int length)
    {
        var from = Math.Clamp(start, 0, text.Length);
        var to = Math.Clamp(start + length, from, text.Length);
        return new FilterMark(text[..from], text[from..to], text[to..], from + 1);
    }
}
