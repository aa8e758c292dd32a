using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Why artifacts refuse; the sentences are in Refusals.resx.</summary>
public static class ArtifactErrors
{
    /// <summary>Not a path, or one that could lead elsewhere.</summary>
    public static Validation InvalidPath() => new("tracking.artifact_path");

    /// <summary>A path that lies neither below a run nor below a logged model.</summary>
    public static NotFound Nowhere(string path) => new("tracking.artifact_nowhere", Cut(path));

    internal static NotFound NotThere(string key) => new("tracking.artifact_not_found", Cut(key));

    internal static Validation IsFolder(string key) => new("tracking.artifact_is_folder", Cut(key));

    internal static Validation FileAndFolder(ArtifactAddress address) => new("tracking.artifact_file_and_folder", Cut(address.Path.Text));

    internal static Validation NoName() => new("tracking.artifact_no_name");

    /// <summary>A registered version stands on it.</summary>
    internal static Forbidden Pinned(ArtifactAddress address) => new("tracking.artifact_pinned", Cut(address.Path.Text), address.Owner.ToString());

    internal static Unavailable TooManyUploads(string most) => new("tracking.artifact_too_many_uploads", most) { Kind = UnavailableKind.TooMany, RetryAfter = TimeSpan.FromSeconds(2) };

    internal static NotFound NoUpload() => new("tracking.artifact_no_upload");

    internal static Validation Parts(string most) => new("tracking.artifact_parts", most);

    internal static Validation PartsMissing(string first, string count) => new("tracking.artifact_parts_missing", first, count);

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
