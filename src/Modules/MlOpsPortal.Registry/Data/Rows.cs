using MlOpsPortal.Models;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Governance;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Data;

internal sealed class RegisteredModelRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RegisteredModelId Id { get; set; }
    public ProjectId ProjectId { get; set; }

    /// <summary>Somebody said which project; otherwise it follows its first version.</summary>
    public bool ProjectChosen { get; set; }
    public required string Name { get; set; }
    public string? Description { get; set; }

    /// <summary>Milliseconds since 1970, UTC, as searches sort by them.</summary>
    public long CreatedMs { get; set; }
    public long UpdatedMs { get; set; }

    /// <summary>Of the next version. Only grows, so that no number is given twice.</summary>
    public int NextNumber { get; set; } = 1;

    /// <summary>Counts changes: whoever changes the model or what is below it counts first, and so waits for whoever is at it.</summary>
    public long Revision { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public string? DeletedBy { get; set; }
    public required string CreatedBy { get; set; }
}

internal sealed class VersionRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public int Number { get; set; }
    public string? Description { get; set; }

    /// <summary>As the client wrote it.</summary>
    public required string Source { get; set; }

    /// <summary>What a client downloads from; the source itself where that is an address.</summary>
    public required string Storage { get; set; }

    /// <summary>Where the portal finds the files (<c>mlflow-artifacts:/…</c>); null for a prompt.</summary>
    public string? Files { get; set; }

    /// <summary>As the client wrote it, or the run of the logged model; may be empty.</summary>
    public string? RunId { get; set; }
    public string? LoggedModel { get; set; }
    public string? RunLink { get; set; }
    public ModelStage Stage { get; set; }
    public long CreatedMs { get; set; }
    public long UpdatedMs { get; set; }
    public required string CreatedBy { get; set; }

    /// <summary>Of the paths and hashes of all files, when it was registered; null when there were none.</summary>
    public string? Sha256 { get; set; }
    public int FileCount { get; set; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; set; }

    /// <summary>What MLmodel says it can be loaded as.</summary>
    public string[] Flavors { get; set; } = [];
    public DateTimeOffset? DeletedAt { get; set; }
    public string? DeletedBy { get; set; }

    /// <summary>The portal model version it has become.</summary>
    public ModelVersionId? PortalVersion { get; set; }
    public ModelId? PortalModel { get; set; }
    public int? PortalNumber { get; set; }

    /// <summary>Why it has not become one, as a code.</summary>
    public string? PortalRefusal { get; set; }
}

internal sealed class AliasRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public required string Alias { get; set; }
    public int Number { get; set; }
}

internal sealed class ModelTagRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public required string Key { get; set; }
    public required string Value { get; set; }
}

internal sealed class VersionTagRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public int Number { get; set; }
    public required string Key { get; set; }
    public required string Value { get; set; }
}

/// <summary>An alias or a stage moved: never changed, never deleted with a version.</summary>
internal sealed class MovementRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public MovementKind Kind { get; set; }

    /// <summary>The alias; for a stage the version's number.</summary>
    public required string Name { get; set; }

    /// <summary>A version's number, or a stage; null for none.</summary>
    public string? From { get; set; }
    public string? To { get; set; }
    public DateTimeOffset At { get; set; }
    public UserId ActorId { get; set; }
    public required string ActorName { get; set; }
    public MoveRequestId? Request { get; set; }

    /// <summary>Who asked for it, when somebody else approved.</summary>
    public string? AskedBy { get; set; }
}

internal sealed class MoveRequestRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public MoveRequestId Id { get; set; }
    public RegisteredModelId ModelId { get; set; }
    public MoveKind Kind { get; set; }

    /// <summary>The alias or the stage.</summary>
    public required string Name { get; set; }
    public int Number { get; set; }
    public bool ArchiveOthers { get; set; }
    public MoveState State { get; set; }
    public UserId AskedById { get; set; }
    public required string AskedBy { get; set; }
    public DateTimeOffset AskedAt { get; set; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public string? Comment { get; set; }
}

/// <summary>The tenant's own rules; without a row the portal's apply.</summary>
internal sealed class GovernanceRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public string[] ProtectedAliases { get; set; } = [];
    public bool ProtectStages { get; set; }
}
