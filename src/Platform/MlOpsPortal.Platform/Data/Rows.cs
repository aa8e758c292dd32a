using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Data;

/// <summary>A row of one tenant. TenantDbContext filters it, fills it and lets no other tenant's pass; row-level security stands behind.</summary>
public interface ITenantRow
{
    TenantId TenantId { get; set; }
}

/// <summary>One row per aggregate: indexed columns of the module's own beside the whole state as a document.</summary>
public abstract class AggregateRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    public Guid Id { get; set; }

    /// <summary>Counts changes from 1; optimistic concurrency.</summary>
    public long Version { get; set; }

    /// <summary>The state as jsonb with its schema number, never queried by LINQ.</summary>
    public string Document { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Who did what to what, when and with which details. Inserted in the change's transaction, never changed.</summary>
public sealed class AuditRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public Guid Id { get; set; }
    public DateTimeOffset At { get; set; }
    public UserId ActorId { get; set; }
    public required string ActorName { get; set; }
    public required string Action { get; set; }
    public required string SubjectKind { get; set; }
    public required string SubjectId { get; set; }
    public required string SubjectName { get; set; }
    public ScopeId? Scope { get; set; }
    public required string Detail { get; set; }
    public string? TraceId { get; set; }
}

/// <summary>An event on its way out, written in the change's transaction and sent by the relay.</summary>
public sealed class OutboxRow : ITenantRow
{
    public TenantId TenantId { get; set; }

    /// <summary>Given by the database; the order of insertion, not of commit.</summary>
    public long Sequence { get; set; }
    public Guid EventId { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Type { get; set; }
    public required string SubjectKind { get; set; }
    public required string SubjectId { get; set; }
    public string SubjectName { get; set; } = "";
    public ScopeId? Scope { get; set; }
    public UserId ActorId { get; set; }
    public string ActorName { get; set; } = "";
    public required string Data { get; set; }
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>When people were told of it, or nobody had to be.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>How often telling was tried.</summary>
    public int TellAttempts { get; set; }
}

/// <summary>The answer to a request that carried an Idempotency-Key, stored with what the request changed.</summary>
public sealed class IdempotencyRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public UserId UserId { get; set; }
    public required string Key { get; set; }
    public required string RequestHash { get; set; }
    public required string Answer { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>A committed blob: no row names a blob that is not there, and a blob without a row is swept.</summary>
public sealed class BlobRow : ITenantRow
{
    public TenantId TenantId { get; set; }
    public BlobId Id { get; set; }

    /// <summary>Bytes.</summary>
    public long Length { get; set; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Sha256 { get; set; }

    public required string Purpose { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
