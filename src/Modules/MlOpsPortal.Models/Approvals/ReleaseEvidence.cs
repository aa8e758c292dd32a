using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Approvals;

/// <summary>What a decision about a release rests on, by hashes: file, contract, receipt, evaluations on test versions.</summary>
/// <param name="FileSha256">Of the model file; null for a version without one.</param>
/// <param name="ContractSha256">Null while no contract is confirmed.</param>
/// <param name="Fidelity">Null when the library's own predictions were not given.</param>
/// <param name="Evaluations">On test versions, through the present contract; newest first.</param>
public sealed record ReleaseEvidence(string? FileSha256, string? ContractSha256, FidelityEvidence? Fidelity, ImmutableArray<EvaluationEvidence> Evaluations)
{
    /// <summary>SHA-256 of the evidence's JSON, lower-case hex.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, PortalJson.Options)));

    public static ReleaseEvidence Of(ModelVersion version, ImmutableArray<EvaluationEvidence> evaluations) => new(
        version.File?.Sha256,
        version.Contract?.Sha256,
        version.Fidelity is { } fidelity ? FidelityEvidence.Of(fidelity) : null,
        evaluations);
}

/// <param name="Verdict">Null while the receipt is not there.</param>
/// <param name="ShareOver">Of rows, 0..1.</param>
public sealed record FidelityEvidence(string PredictionsSha256, FidelityVerdict? Verdict, int? Rows, double? ShareOver, double? LargestDifference)
{
    internal static FidelityEvidence Of(FidelityState state) => new(
        state.Native.File.Sha256, state.Receipt?.Verdict, state.Receipt?.Rows, state.Receipt?.ShareOver, state.Receipt?.LargestDifference);
}

/// <param name="Metric">Key of the headline metric.</param>
/// <param name="PredictionsSha256">Of the stored predictions.</param>
public sealed record EvaluationEvidence(
    EvaluationId Id, VersionRef Dataset, string DatasetName, int Rows, string Metric, double? Value, double? Lower, double? Upper, string PredictionsSha256)
{
    /// <summary>The predictions were made elsewhere and sent in; nobody here has seen the model answer.</summary>
    public bool SentIn { get; init; }
}

/// <summary>Is the evidence enough for the environment? A check that cannot be made is not met.</summary>
public static class ReleaseGate
{
    /// <returns>Null when it is; otherwise everything that is missing.</returns>
    public static Refusal? Check(ReleaseEnvironment environment, VersionState state, ReleaseEvidence evidence)
    {
        if (environment == ReleaseEnvironment.Sandbox)
            return ModelsErrors.SandboxNeedsNone();
        var missing = new Faults()
            .When(state != VersionState.Ready || evidence.ContractSha256 is null, "contract", "models.evidence_no_contract")
            .When(evidence.Evaluations.IsEmpty, "evaluation", "models.evidence_no_evaluation")
            .When(evidence.Fidelity is { Verdict: null }, "receipt", "models.evidence_no_receipt")
            .When(evidence.Fidelity is { Verdict: FidelityVerdict.NotReleasable }, "receipt", "models.evidence_receipt_refused", Percent(evidence.Fidelity?.ShareOver));
        return missing.Refusal is { } refusal ? ModelsErrors.EvidenceMissing(refusal.Fields) : null;
    }

    private static string Percent(double? share) => ((share ?? 0) * 100).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
