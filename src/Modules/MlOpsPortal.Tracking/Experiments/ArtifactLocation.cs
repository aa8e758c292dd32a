using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Tracking.Experiments;

/// <summary>Where an experiment's artifacts are, as its clients see it.</summary>
internal static class ArtifactLocation
{
    private const string Scheme = "mlflow-artifacts:/";
    private static readonly string[] Remote = ["s3://", "gs://", "wasbs://", "abfss://", "hdfs://", "dbfs:/", "https://", "http://", "r2://", "b2://", "oci://"];

    /// <summary>The portal's own.</summary>
    public static string Of(ExperimentId id) => Scheme + id;

    /// <summary>Another store keeps what its clients write there themselves, the portal never reads it. A folder is none: whose would it be? Artifacts then come to the portal.</summary>
    /// <param name="wished">As the caller wrote it; null or empty for the portal's own.</param>
    public static Result<string> Choose(ExperimentId id, string? wished)
    {
        if (string.IsNullOrEmpty(wished))
            return Of(id);
        if (wished.Contains('#', StringComparison.Ordinal) || wished.Contains(';', StringComparison.Ordinal) || wished.Contains("..", StringComparison.Ordinal)
            || wished.StartsWith("runs:", StringComparison.Ordinal) || wished.Any(char.IsControl))
            return TrackingErrors.Location(wished);
        if (wished.Length > 1_000)
            return TrackingErrors.TooLong("artifact_location", 1_000);
        return Array.Exists(Remote, scheme => wished.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ? wished.TrimEnd('/') : Of(id);
    }
}
