using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Audit.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Audit.Trail;

/// <summary>Somebody took the trail out of the portal.</summary>
public sealed record TrailExported(TrailQuery Query) : DomainEvent("audit.exported");

/// <summary>Reads what happened in a tenant.</summary>
public sealed class TrailDesk
{
    private readonly ITenantDb<AuditDbContext> databases;
    private readonly IPermissions permissions;
    private readonly TimeProvider time;

    internal TrailDesk(ITenantDb<AuditDbContext> databases, IPermissions permissions, TimeProvider time) => (this.databases, this.permissions, this.time) = (databases, permissions, time);

    /// <summary>Newest first.</summary>
    public async Task<Result<Page<TrailEntry>>> ListAsync(Caller caller, TrailQuery query, PageRequest page, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, query, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = query.Over(db, allowed.Value);
        if (page.Cursor is not null)
        {
            if (!Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
                return new Validation("audit.bad_cursor");
            rows = (IOrderedQueryable<AuditRow>)rows.Where(row => row.Id < last);
        }

        var found = await rows.Take(page.Limit + 1).ToListAsync(cancellationToken);
        return page.Cut(found.ConvertAll(TrailEntry.Of), entry => entry.Id.ToString("n"));
    }

    public async Task<Result<TrailEntry>> FindAsync(Caller caller, Guid id, CancellationToken cancellationToken)
    {
        var query = new TrailQuery();
        var allowed = await DemandAsync(caller, query, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        return await query.Over(db, allowed.Value).Where(row => row.Id == id).SingleOrDefaultAsync(cancellationToken) is { } row ? TrailEntry.Of(row) : new NotFound();
    }

    /// <summary>Everything that fits, as it comes from the database: as many entries as there are, never all of them in memory.</summary>
    public async Task<Result<IAsyncEnumerable<TrailEntry>>> ExportAsync(Caller caller, TrailQuery query, CancellationToken cancellationToken)
    {
        var allowed = await DemandAsync(caller, query, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        db.Record(caller, new Subject("audit", caller.Tenant.ToString(), "audit trail", query.Project), new TrailExported(query), time.GetMicrosecondNow());
        await db.SaveChangesAsync(cancellationToken);
        return new Result<IAsyncEnumerable<TrailEntry>> { Value = ReadAsync(caller, query, allowed.Value, cancellationToken) };
    }

    private async IAsyncEnumerable<TrailEntry> ReadAsync(Caller caller, TrailQuery query, VisibleScopes visible, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        await foreach (var row in query.Over(db, visible).AsAsyncEnumerable().WithCancellation(cancellationToken))
            yield return TrailEntry.Of(row);
    }

    private async Task<Result<VisibleScopes>> DemandAsync(Caller caller, TrailQuery query, CancellationToken cancellationToken)
    {
        var allowed = query.Project is { } project
            ? await permissions.DemandAsync(caller, project, AuditPermissions.ReadTrail, cancellationToken)
            : await permissions.DemandAsync(caller, AuditPermissions.ReadTrail, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        return query.Check() is { } refusal ? refusal : await permissions.VisibleScopesAsync(caller, cancellationToken);
    }
}
