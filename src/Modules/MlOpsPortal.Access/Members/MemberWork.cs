using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using MlOpsPortal.Access.Data;

namespace MlOpsPortal.Access.Members;

/// <summary>A change of a tenant's members, one at a time per tenant: the transaction holds the tenant's lock until it ends.</summary>
internal sealed record MemberWork(AccessDbContext Db, IDbContextTransaction Transaction) : IAsyncDisposable
{
    public Membership Member { get; init; } = null!; // set by whoever found the member, before the work is handed on

    public static async Task<MemberWork> BeginAsync(AccessDbContext db, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('access.members', 0) # hashtextextended({db.Tenant.ToString()}, 0))", cancellationToken);
        return new MemberWork(db, transaction);
    }

    public Task CommitAsync(CancellationToken cancellationToken) => Transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Db.DisposeAsync();
    }
}
