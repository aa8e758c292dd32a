using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Aggregates;

/// <summary>The state that a grain holds: loaded once, changed by commands, saved with audit and events in one transaction.
/// After a write that failed it is read again before the next command, since what the database holds is then unknown.</summary>
public sealed class Aggregate<TContext, TRow, TState>(ITenantDb<TContext> databases, AggregateDefinition<TRow, TState> definition, TimeProvider time)
    where TContext : TenantDbContext
    where TRow : AggregateRow, new()
    where TState : class
{
    private TenantId tenant;
    private Guid id;
    private bool loaded;
    private TRow? row;
    private TState? state;

    /// <param name="key">The grain's key, <c>{tenant}/{id}</c>.</param>
    public async Task LoadAsync(string key, CancellationToken cancellationToken)
    {
        (tenant, id) = GrainKey.Parse(key);
        await ReloadAsync(cancellationToken);
    }

    /// <returns>NotFound when there is none; Unavailable while the database is away.</returns>
    public async Task<Result<Versioned<TState>>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            return new Unavailable("database_down");
        }
    }

    /// <param name="expectedVersion">The version that the caller has seen; null to take whatever is there.</param>
    /// <param name="together">Adds to the unit of work what must be saved with the change or not at all.</param>
    public async Task<Result<Versioned<TState>>> ApplyAsync(
        Caller caller, Command<TState> command, long? expectedVersion, CancellationToken cancellationToken, Action<TContext, DateTimeOffset>? together = null)
    {
        try
        {
            return await ChangeAsync(caller, command, expectedVersion, together, cancellationToken);
        }
        catch (Exception exception) when (DatabaseAway.Is(exception))
        {
            return new Unavailable("database_down");
        }
    }

    private async Task<Result<Versioned<TState>>> FindAsync(CancellationToken cancellationToken)
    {
        if (!loaded)
            await ReloadAsync(cancellationToken);
        return state is null || row is null ? new NotFound() : new Versioned<TState>(state, row.Version);
    }

    private async Task<Result<Versioned<TState>>> ChangeAsync(
        Caller caller, Command<TState> command, long? expectedVersion, Action<TContext, DateTimeOffset>? together, CancellationToken cancellationToken)
    {
        if (caller.Idempotency is not null)
        {
            await using var db = databases.Open(tenant);
            if (await db.FindAnswerAsync<Versioned<TState>>(caller, cancellationToken) is { } before)
                return before;
        }

        if (!loaded)
            await ReloadAsync(cancellationToken);
        if (expectedVersion is { } expected && row is not null && expected != row.Version)
            return new Conflict("stale");
        var now = time.GetMicrosecondNow();
        var decided = command.Decide(state, new Facts(caller, now));
        return decided.IsOk ? await SaveAsync(caller, decided.Value, now, together, cancellationToken) : decided.Refusal;
    }

    private async Task<Result<Versioned<TState>>> SaveAsync(
        Caller caller, Change<TState> change, DateTimeOffset now, Action<TContext, DateTimeOffset>? together, CancellationToken cancellationToken)
    {
        if (change.Events.IsEmpty && state is not null && row is not null)
            return new Versioned<TState>(state, row.Version);
        await using var db = databases.Open(tenant);
        var next = new TRow
        {
            TenantId = tenant,
            Id = id,
            Version = (row?.Version ?? 0) + 1,
            Document = definition.Write(change.State),
            CreatedAt = row?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        definition.Index(change.State, next);
        var entry = db.Entry(next);
        entry.State = row is null ? EntityState.Added : EntityState.Modified;
        if (row is not null)
            entry.Property(nameof(AggregateRow.Version)).OriginalValue = row.Version;
        foreach (var happened in change.Events)
            db.Record(caller, definition.Subject(id, change.State), happened, now);
        foreach (var beside in change.Rows)
            if (beside is not BlobRow blob || !await db.Blobs.AnyAsync(known => known.Id == blob.Id, cancellationToken))
                db.Add(beside);
        together?.Invoke(db, now);

        loaded = false;
        var saved = await db.CommitAsync(caller, new Versioned<TState>(change.State, next.Version), now, cancellationToken, definition.Taken);
        if (!saved.IsOk)
            return saved;
        (row, state, loaded) = (next, change.State, true);
        return saved;
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        row = await db.Set<TRow>().AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, cancellationToken);
        state = row is null ? null : definition.Read(row.Document);
        loaded = true;
    }
}
