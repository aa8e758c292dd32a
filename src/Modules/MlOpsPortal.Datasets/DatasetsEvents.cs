using System.Collections.Immutable;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Datasets;

public sealed record DatasetCreated(string Name, string Description) : DomainEvent("dataset.created");

public sealed record DatasetDescribed(string NameBefore, string Name, string Description) : DomainEvent("dataset.described");

public sealed record DatasetArchived(string Reason) : DomainEvent("dataset.archived");

public sealed record DatasetRestored() : DomainEvent("dataset.restored");

public sealed record VersionAdded(int Number, DatasetRole Role, VersionOrigin Origin) : DomainEvent("dataset.version_added");

public sealed record VersionReady(int Number, DatasetRole Role, long Rows, int Columns, string Sha256, QualitySummary Quality) : DomainEvent("dataset.version_ready");

public sealed record VersionFailed(int Number, Refusal Fault) : DomainEvent("dataset.version_failed");

public sealed record RoleDeclared(int Number, DatasetRole Role, string? Target, VersionRef? Training) : DomainEvent("dataset.role_declared");

public sealed record ExpectationsSet(ImmutableArray<Expectation> Before, ImmutableArray<Expectation> Expectations) : DomainEvent("dataset.expectations_set");

public sealed record CheckAsked(int Number) : DomainEvent("dataset.check_asked");

public sealed record VersionChecked(int Number, QualitySummary Quality) : DomainEvent("dataset.version_checked");

public sealed record LeakChecked(int Number, LeakReport Leak) : DomainEvent("dataset.leak_checked");
