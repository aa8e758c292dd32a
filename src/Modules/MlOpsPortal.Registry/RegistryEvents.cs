using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Registry;

public sealed record RegisteredModelCreated(string Name) : DomainEvent("registered_model.created");

public sealed record RegisteredModelRenamed(string Before, string After) : DomainEvent("registered_model.renamed");

public sealed record RegisteredModelDescribed(string? Before, string? After) : DomainEvent("registered_model.described");

/// <param name="Versions">How many versions went with it.</param>
/// <param name="Aliases">How many aliases.</param>
/// <param name="Until">Until then it can be restored.</param>
public sealed record RegisteredModelDeleted(int Versions, int Aliases, DateTimeOffset Until) : DomainEvent("registered_model.deleted");

public sealed record RegisteredModelRestored() : DomainEvent("registered_model.restored");

/// <param name="Sha256">Of the files it stands on; null when there were none.</param>
public sealed record VersionRegistered(int Number, string Source, string? Run, string? LoggedModel, string? Sha256) : DomainEvent("registered_model.version_registered");

public sealed record RegisteredVersionDescribed(int Number, string? Before, string? After) : DomainEvent("registered_model.version_described");

/// <param name="Aliases">Aliases that went with it.</param>
public sealed record RegisteredVersionDeleted(int Number, IReadOnlyList<string> Aliases, DateTimeOffset Until) : DomainEvent("registered_model.version_deleted");

public sealed record RegisteredVersionRestored(int Number) : DomainEvent("registered_model.version_restored");

/// <param name="Request">The approved request; null when it needed none.</param>
public sealed record RegistryAliasMoved(string Alias, int? From, int? To, MoveRequestId? Request) : DomainEvent("registered_model.alias_moved");

public sealed record RegistryStageMoved(int Number, string From, string To, MoveRequestId? Request) : DomainEvent("registered_model.stage_moved");

public sealed record MoveRequested(MoveRequestId Request, string What, int Number) : DomainEvent("registered_model.move_requested");

public sealed record MoveApproved(MoveRequestId Request, string What, int Number, string Comment) : DomainEvent("registered_model.move_approved");

public sealed record MoveRejected(MoveRequestId Request, string What, int Number, string Comment) : DomainEvent("registered_model.move_rejected");

public sealed record MoveWithdrawn(MoveRequestId Request, string What, int Number) : DomainEvent("registered_model.move_withdrawn");

public sealed record GovernanceChanged(IReadOnlyList<string> AliasesBefore, IReadOnlyList<string> Aliases, bool StagesBefore, bool Stages) : DomainEvent("registry.rules_changed");
