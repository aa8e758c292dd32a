using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>What the library that trained the model itself predicted, and on which rows.</summary>
/// <param name="File">CSV with a column row (from 0) and native_probability, native_prediction, probability or prediction.</param>
/// <param name="Dataset">The dataset version that the rows are of.</param>
public sealed record NativePredictions(StoredFile File, VersionRef Dataset);

/// <summary>Where the fidelity receipt of a version stands.</summary>
/// <param name="Native">What is compared with.</param>
public sealed record FidelityState(NativePredictions Native)
{
    /// <summary>The job that measures; null until a contract is confirmed.</summary>
    public JobId? Job { get; init; }
    public FidelityReceipt? Receipt { get; init; }

    /// <summary>Hash of the contract that was scored through.</summary>
    public string? ContractSha256 { get; init; }
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>Why it could not be measured.</summary>
    public Refusal? Failed { get; init; }
}
