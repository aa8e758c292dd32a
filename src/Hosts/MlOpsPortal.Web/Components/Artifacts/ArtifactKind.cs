namespace MlOpsPortal.Web.Components.Artifacts;

/// <summary>How a file is shown.</summary>
public enum ArtifactKind
{
    /// <summary>Not at all; it can be downloaded.</summary>
    Other,
    Text,

    /// <summary>Rows and columns: CSV, TSV, or what <c>log_table</c> writes.</summary>
    Table,
    Image,

    /// <summary>Rendered in a frame in which nothing runs: Markdown, HTML.</summary>
    Page,

    /// <summary>MLflow's description of a model.</summary>
    Model,
}

/// <summary>Decides by name and size; content decides later whether a text is one.</summary>
internal static class ArtifactKinds
{
    /// <summary>Bytes of a text or a table that are read for a preview.</summary>
    public const int MostText = 512 * 1024;

    /// <summary>Bytes of an image or a page that are sent to be shown.</summary>
    public const long MostShown = 20L * 1024 * 1024;

    private static readonly Dictionary<string, string> Images = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp", [".bmp"] = "image/bmp", [".svg"] = "image/svg+xml",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".ini", ".toml", ".yaml", ".yml", ".xml", ".json", ".jsonl", ".js", ".py", ".r", ".sql", ".sh", ".cs", ".rst", ".ipynb", ".properties", ".env", ".dockerfile",
    };

    public static ArtifactKind Of(string name, long length) => Extension(name) switch
    {
        _ when name == "MLmodel" => ArtifactKind.Model,
        ".md" or ".markdown" or ".html" or ".htm" => length <= MostShown ? ArtifactKind.Page : ArtifactKind.Text,
        ".csv" or ".tsv" => ArtifactKind.Table,
        var image when Images.ContainsKey(image) => length <= MostShown ? ArtifactKind.Image : ArtifactKind.Other,
        var text when Texts.Contains(text) || text.Length == 0 => ArtifactKind.Text,
        _ => ArtifactKind.Other,
    };

    /// <returns>Null for what is no image that a browser shows.</returns>
    public static string? ImageType(string name) => Images.GetValueOrDefault(Extension(name));

    public static bool IsMarkdown(string name) => Extension(name) is ".md" or ".markdown";

    public static string Extension(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[dot..].ToLowerInvariant() : "";
}
