using System.Collections.Immutable;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models.Registry;

/// <summary>One uploaded file and everything that is known of it.</summary>
public sealed record ModelVersion
{
    public required ModelVersionId Id { get; init; }

    /// <summary>From 1 within the model.</summary>
    public required int Number { get; init; }
    public required VersionState State { get; init; }

    /// <summary>Null for a version without a file.</summary>
    public required StoredFile? File { get; init; }

    /// <summary>The portal does not run this version: its file, if there is one, is kept and never opened, and predictions made elsewhere are sent in.</summary>
    public bool NotRun { get; init; }
    public required Lineage Lineage { get; init; }
    public required Person UploadedBy { get; init; }
    public required DateTimeOffset UploadedAt { get; init; }

    /// <summary>The job that admits the file.</summary>
    public JobId? AdmissionJob { get; init; }

    /// <summary>Known once the file was admitted.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>Why the file was refused: a code with its arguments, told by the same resources as every refusal.</summary>
    public Refusal? RefusedFor { get; init; }
    public ConfirmedContract? Contract { get; init; }
    public FidelityState? Fidelity { get; init; }
}

/// <summary>A file in the blob store.</summary>
/// <param name="Name">As its uploader called it; shown, never a path.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Lower-case hex, checked whenever the file is opened.</param>
public sealed record StoredFile(BlobId Blob, string Name, long Bytes, string Sha256);

/// <summary>Where a version comes from, as far as its uploader said; null means "not given".</summary>
/// <param name="TrainedOn">The dataset version it was trained on.</param>
/// <param name="Algorithm">"LightGBM", "logistic regression".</param>
/// <param name="Commit">Of the code that trained it.</param>
public sealed record Lineage(VersionRef? TrainedOn, string? Algorithm, ImmutableSortedDictionary<string, string> Parameters, string? Commit)
{
    public static readonly Lineage NotGiven = new(null, null, ImmutableSortedDictionary<string, string>.Empty, null);
}

/// <summary>A contract with the person who stands for it.</summary>
/// <param name="Sha256">Of the contract's canonical JSON: what evaluations, receipts and approvals rest on.</param>
public sealed record ConfirmedContract(ModelContract Contract, string Sha256, Person By, DateTimeOffset At);
