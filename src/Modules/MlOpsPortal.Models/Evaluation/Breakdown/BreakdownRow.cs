using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>An evaluation's breakdown: read for one evaluation at a time, so it does not travel with every list of them.</summary>
internal sealed class BreakdownRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public EvaluationId EvaluationId { get; set; }

    /// <summary><see cref="EvaluationBreakdown"/> as jsonb.</summary>
    public required string Document { get; set; }
}
