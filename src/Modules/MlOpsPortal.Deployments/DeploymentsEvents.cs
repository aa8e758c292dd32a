using System.Collections.Immutable;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using ReleaseEnvironment = MlOpsPortal.Models.Approvals.ReleaseEnvironment;

namespace MlOpsPortal.Deployments;

public sealed record DeploymentCreated(string Name, ReleaseEnvironment Environment, ModelId Model) : DomainEvent("deployment.created");

public sealed record DeploymentArchived(string Reason) : DomainEvent("deployment.archived");

public sealed record DeploymentRestored() : DomainEvent("deployment.restored");

public sealed record ReleaseStarted(ReleaseId Release, int Number, ModelVersionId Version, int VersionNumber, ReleaseCause Cause, string FileSha256, UserId? ApprovedBy)
    : DomainEvent("deployment.release_started");

public sealed record ReleaseWentLive(ReleaseId Release, int Number, int VersionNumber, int? ReplacedVersion) : DomainEvent("deployment.release_live");

public sealed record ReleaseFailed(ReleaseId Release, int Number, int VersionNumber, string Reason, ImmutableArray<string> Args) : DomainEvent("deployment.release_failed");

public sealed record RolledBack(int? From, int To, string Reason) : DomainEvent("deployment.rolled_back");

public sealed record SwitchedOff(double? Fallback, string Reason) : DomainEvent("deployment.switched_off");

public sealed record SwitchedOn(string Comment) : DomainEvent("deployment.switched_on");

public sealed record ServingRulesSet(WhenSpoolFull WhenFullBefore, WhenSpoolFull WhenFull, double BudgetMsBefore, double BudgetMs) : DomainEvent("deployment.rules_set");
