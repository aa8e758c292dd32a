using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models;

public sealed record ModelCreated(string Name, MlTask Task) : DomainEvent("model.created");

public sealed record ModelDescribed(string NameBefore, string Name, string DescriptionBefore, string Description) : DomainEvent("model.described");

public sealed record ModelArchived(string Reason) : DomainEvent("model.archived");

public sealed record ModelRestored() : DomainEvent("model.restored");

public sealed record VersionUploaded(ModelVersionId Version, int Number, string FileName, string Sha256) : DomainEvent("model.version_uploaded");

public sealed record VersionDescribed(ModelVersionId Version, int Number, Lineage Before, Lineage After) : DomainEvent("model.version_described");

public sealed record VersionAdmitted(ModelVersionId Version, int Number, string Sha256) : DomainEvent("model.version_admitted");

public sealed record VersionRefused(ModelVersionId Version, int Number, string Code) : DomainEvent("model.version_refused");

public sealed record VersionKept(ModelVersionId Version, int Number) : DomainEvent("model.version_kept");

public sealed record ContractConfirmed(ModelVersionId Version, int Number, string? Before, string After, int Features, string Target) : DomainEvent("model.contract_confirmed");

public sealed record PredictionsAdded(ModelVersionId Version, int Number, string Sha256) : DomainEvent("model.predictions_added");

/// <param name="ShareOver">Of rows, 0..1.</param>
public sealed record ReceiptMeasured(ModelVersionId Version, int Number, FidelityVerdict? Verdict, double? ShareOver, double? LargestDifference, string? Failed)
    : DomainEvent("model.receipt_measured");

public sealed record AliasSet(string Alias, int? From, int To) : DomainEvent("model.alias_set");

public sealed record AliasRemoved(string Alias, int From) : DomainEvent("model.alias_removed");

public sealed record EvaluationRequested(EvaluationId Evaluation, ModelVersionId Version, int Number, string Dataset) : DomainEvent("model.evaluation_requested");

public sealed record EvaluationFinished(EvaluationId Evaluation, ModelVersionId Version, int Number, string Dataset, string? Failed) : DomainEvent("model.evaluation_finished");

public sealed record ReleaseRequested(ModelVersionId Version, int Number, ReleaseEnvironment Environment, string Reason, string EvidenceSha256) : DomainEvent("release.requested");

public sealed record ReleaseApproved(ModelVersionId Version, int Number, ReleaseEnvironment Environment, string Comment, string EvidenceSha256) : DomainEvent("release.approved");

public sealed record ReleaseRejected(ModelVersionId Version, int Number, ReleaseEnvironment Environment, string Comment) : DomainEvent("release.rejected");

public sealed record ReleaseWithdrawn(ModelVersionId Version, int Number, ReleaseEnvironment Environment, string Comment) : DomainEvent("release.withdrawn");

public sealed record FidelityRuleSet(double ToleranceBefore, double Tolerance, double RefuseAboveBefore, double RefuseAbove) : DomainEvent("models.fidelity_rule_set");
