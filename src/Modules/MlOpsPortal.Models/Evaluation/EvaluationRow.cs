using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>Where an evaluation is.</summary>
public enum EvaluationState
{
    Running,
    Done,
    Failed,
}

/// <summary>Metrics and predictions of one version on one dataset version. Written when asked for, completed once by its job.</summary>
internal sealed class EvaluationRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public EvaluationId Id { get; set; }
    public ProjectId ProjectId { get; set; }
    public ModelId ModelId { get; set; }
    public required string ModelName { get; set; }
    public ModelVersionId VersionId { get; set; }
    public int Number { get; set; }
    public MlTask Task { get; set; }
    public DatasetId DatasetId { get; set; }
    public int DatasetNumber { get; set; }
    public required string DatasetName { get; set; }
    public DatasetRole DatasetRole { get; set; }
    public EvaluationState State { get; set; }

    /// <summary>The contract that was scored through; another contract since then makes the evaluation history.</summary>
    public required string ContractSha256 { get; set; }
    public double? Threshold { get; set; }
    public int Seed { get; set; }
    public int Resamples { get; set; }
    public JobId JobId { get; set; }
    public int? Rows { get; set; }

    /// <summary><see cref="EvaluationReport"/> as jsonb.</summary>
    public string? Report { get; set; }

    /// <summary>Why it failed, a refusal as jsonb.</summary>
    public string? Refusal { get; set; }
    public BlobId? PredictionsBlob { get; set; }
    public string? PredictionsSha256 { get; set; }

    /// <summary>Predictions that were made elsewhere, as they were sent; null when the portal scored.</summary>
    public BlobId? SentBlob { get; set; }
    public string? SentSha256 { get; set; }
    public string? SentName { get; set; }
    public string? KeyColumn { get; set; }
    public string? ValueColumn { get; set; }

    /// <summary>Attributes whose groups are compared.</summary>
    public string[] Sensitive { get; set; } = [];

    /// <summary>Shuffles of each feature; 0 for no importance.</summary>
    public int ImportanceRepeats { get; set; }
    public int? ImportanceRows { get; set; }
    public UserId RequestedBy { get; set; }
    public required string RequestedByName { get; set; }
    public DateTimeOffset RequestedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    public VersionRef Dataset => new(DatasetId, DatasetNumber);
}
