using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Datasets;

/// <summary>What a version is for.</summary>
public enum DatasetRole
{
    None,
    Training,
    Validation,
    Test,
}

public enum VersionState
{
    /// <summary>A job reads it.</summary>
    Reading,
    Ready,
    Failed,
}

/// <summary>One version of one dataset.</summary>
public sealed record VersionRef(DatasetId Dataset, int Number);

/// <summary>A stored file.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record StoredFile(BlobId Blob, long Length, string Sha256);

/// <summary>Where a version comes from: a file that somebody uploaded, or a split of another version.</summary>
/// <param name="File">Name of the uploaded file; null for a split.</param>
public sealed record VersionOrigin(string? File, StoredFile? Source, VersionRef? SplitOf, SplitPlan? Split);

/// <summary>How a version stands to the dataset's expectations.</summary>
/// <param name="Unknown">Expectations that could not be evaluated; they count as not met.</param>
public sealed record QualitySummary(int Passed, int Failed, int Unknown, DateTimeOffset CheckedAt)
{
    public bool Ok => Failed == 0 && Unknown == 0;
}

/// <summary>Rows of a test version that stand in its training version too.</summary>
public sealed record LeakReport(VersionRef Training, long TestRows, long Leaked, DateTimeOffset CheckedAt);

/// <summary>One state of the data. What it holds never changes; its role may be declared later, its quality checked again.</summary>
public sealed record DatasetVersion(
    int Number, VersionState State, DatasetRole Role, string? Target, VersionRef? Training, VersionOrigin Origin, ReadOptions Options, JobId Job,
    UserId CreatedBy, string CreatedByName, DateTimeOffset CreatedAt)
{
    /// <summary>The Parquet file; null until it is ready.</summary>
    public StoredFile? Data { get; init; }

    public FileShape? Shape { get; init; }

    public long Rows { get; init; }

    public int Columns { get; init; }

    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Why it could not be read.</summary>
    public Refusal? Fault { get; init; }

    public QualitySummary? Quality { get; init; }

    public LeakReport? Leak { get; init; }
}
