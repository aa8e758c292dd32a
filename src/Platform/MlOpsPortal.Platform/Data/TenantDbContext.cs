using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Jobs.Schedules;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Mail;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Tenancy;
using Npgsql;

namespace MlOpsPortal.Platform.Data;

/// <summary>A module's database seen by one tenant: every query is filtered, every new row is the tenant's, and audit, outbox and
/// idempotency rows go into the same transaction as the change. Opened by <see cref="ITenantDb{TContext}"/> for one unit of work.</summary>
public abstract class TenantDbContext(DbContextOptions options, TenantId tenant) : DbContext(options)
{
    private readonly List<(FormattableString Sql, Action Saved)> beside = [];
    private int recorded;
    private bool asksAfterFailure;

    /// <summary>The tenant of this unit of work; row-level security is told it when the connection opens.</summary>
    public TenantId Tenant { get; } = tenant;

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<IdempotencyRow> Idempotency => Set<IdempotencyRow>();

    public DbSet<BlobRow> Blobs => Set<BlobRow>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    internal DbSet<MailRow> Mails => Set<MailRow>();

    public DbSet<ScheduleRow> Schedules => Set<ScheduleRow>();

    /// <summary>The module's own PostgreSQL schema.</summary>
    protected abstract string Schema { get; }

    /// <summary>Does this context's migrations make the shared tables? Only the platform's own does.</summary>
    protected virtual bool OwnsSharedTables => false;

    protected abstract void OnModuleCreating(ModelBuilder modelBuilder);

    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        SharedTables.Map(modelBuilder, OwnsSharedTables);
        OnModuleCreating(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(entity => typeof(ITenantRow).IsAssignableFrom(entity.ClrType)).ToList())
        {
            modelBuilder.Entity(entity.ClrType).HasQueryFilter(TenantFilter(entity.ClrType));
            if (typeof(AggregateRow).IsAssignableFrom(entity.ClrType))
                MapAggregate(modelBuilder, entity);
        }

        SnakeCase.Apply(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => IdConversions.Register(configurationBuilder, GetType().Assembly);

    /// <summary>Notes an event about a subject: one audit row and one outbox row, saved with the change. Ids keep the order of the calls.</summary>
    public void Record(Caller caller, Subject subject, DomainEvent happened, DateTimeOffset now)
    {
        var detail = JsonSerializer.Serialize(happened, happened.GetType(), PortalJson.Options);
        var place = recorded++;
        Audit.Add(new AuditRow
        {
            Id = Id.Ordered(now, place),
            At = now,
            ActorId = caller.User,
            ActorName = caller.Name,
            Action = happened.Type,
            SubjectKind = subject.Kind,
            SubjectId = subject.Id,
            SubjectName = subject.Name,
            Scope = subject.Scope,
            Detail = detail,
            TraceId = caller.TraceId,
        });
        Outbox.Add(new OutboxRow
        {
            EventId = Id.Ordered(now, place),
            At = now,
            Type = happened.Type,
            SubjectKind = subject.Kind,
            SubjectId = subject.Id,
            SubjectName = subject.Name,
            Scope = subject.Scope,
            ActorId = caller.User,
            ActorName = caller.Name,
            Data = detail,
        });
    }

    /// <summary>A statement for the transaction of the next save: how a module that answers another's port writes a table of its own together with
    /// the other's change.</summary>
    /// <param name="saved">Called when the transaction is committed, and only then.</param>
    public void Beside(FormattableString sql, Action saved) => beside.Add((sql, saved));

    /// <summary>What the same request (by its Idempotency-Key) was answered before. Ask first, then decide.</summary>
    /// <returns>Null when it is new; 422 when the key stood on another request.</returns>
    public async Task<Result<T>?> FindAnswerAsync<T>(Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Idempotency is not { } idempotency)
            return null;
        var before = await Idempotency.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == caller.User && row.Key == idempotency.Key, cancellationToken);
        if (before is null)
            return null;
        return before.RequestHash == idempotency.RequestHash
            ? JsonSerializer.Deserialize<T>(before.Answer, PortalJson.Options)!
            : new Validation("idempotency.other_request") { Kind = ValidationKind.Unprocessable };
    }

    /// <summary>Saves the unit of work with the answer that a repeat of the request gets.</summary>
    /// <returns>The answer; or Conflict when somebody saved in between or a name is taken (by the unique index's name in
    /// <paramref name="taken"/>); the earlier answer when the same request was carried out meanwhile.</returns>
    public async Task<Result<T>> CommitAsync<T>(Caller caller, T answer, DateTimeOffset now, CancellationToken cancellationToken, IReadOnlyDictionary<string, Refusal>? taken = null)
    {
        if (caller.Idempotency is { } idempotency)
            Idempotency.Add(new IdempotencyRow
            {
                UserId = caller.User,
                Key = idempotency.Key,
                RequestHash = idempotency.RequestHash,
                Answer = JsonSerializer.Serialize(answer, PortalJson.Options),
                At = now,
            });
        try
        {
            asksAfterFailure = Database.CurrentTransaction is not null;
            await SaveChangesAsync(cancellationToken);
            return answer;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Conflict("stale");
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            if (violation.ConstraintName == SharedTables.IdempotencyKey)
                return await FindAnswerAsync<T>(caller, cancellationToken) ?? new Conflict("stale");
            if (taken is not null && taken.TryGetValue(violation.ConstraintName ?? "", out var refusal))
                return refusal;
            throw;
        }
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<ITenantRow>())
        {
            if (entry.State == EntityState.Added && entry.Entity.TenantId == default)
                entry.Entity.TenantId = Tenant;
            if (entry.State != EntityState.Unchanged && entry.Entity.TenantId != Tenant)
                throw new InvalidOperationException($"A row of another tenant was about to be saved ({entry.Metadata.DisplayName()}).");
        }

        // A connection that breaks as a savepoint is released breaks unnoticed, and what is done next is done outside of the transaction. So none, unless
        // the transaction is needed once more after a failure.
        Database.AutoSavepointsEnabled = asksAfterFailure;
        return beside.Count == 0 ? base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken) : SaveTogetherAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public sealed override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Save asynchronously.");

    private async Task<int> SaveTogetherAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var count = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        foreach (var (sql, _) in beside)
            await Database.ExecuteSqlAsync(sql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (_, saved) in beside)
            saved();
        beside.Clear();
        return count;
    }

    private LambdaExpression TenantFilter(Type rowType)
    {
        var row = Expression.Parameter(rowType, "row");
        return Expression.Lambda(
            Expression.Equal(Expression.Property(row, nameof(ITenantRow.TenantId)), Expression.Property(Expression.Constant(this), nameof(Tenant))),
            row);
    }

    private static void MapAggregate(ModelBuilder modelBuilder, IMutableEntityType entity)
    {
        var builder = modelBuilder.Entity(entity.ClrType);
        builder.HasKey(nameof(AggregateRow.TenantId), nameof(AggregateRow.Id));
        builder.Property(nameof(AggregateRow.Version)).IsConcurrencyToken();
        builder.Property(nameof(AggregateRow.Document)).HasColumnType("jsonb");
    }
}
