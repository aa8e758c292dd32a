using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>When an exported file counts as unlike its library: the tenant's setting.</summary>
/// <param name="Tolerance">A row differs beyond this: in probability, or in standard deviations of a regression's target. Above 0, at most 1.</param>
/// <param name="RefuseAboveShare">More rows than this share (0..1) differ: the version cannot be released.</param>
public sealed record FidelityLimits(double Tolerance, double RefuseAboveShare)
{
    public static readonly FidelityLimits Default = new(new FidelityRule().Tolerance, new FidelityRule().RefuseAboveShare);
}

/// <summary>Reads and sets the tenant's limits. Receipts keep the limits they were judged by.</summary>
public sealed class FidelityRules
{
    private readonly ITenantDb<ModelsDbContext> databases;
    private readonly IPermissions permissions;
    private readonly TimeProvider time;

    internal FidelityRules(ITenantDb<ModelsDbContext> databases, IPermissions permissions, TimeProvider time) =>
        (this.databases, this.permissions, this.time) = (databases, permissions, time);

    public async Task<Result<FidelityLimits>> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, ModelsPermissions.View, cancellationToken);
        return allowed.IsOk ? await OfAsync(caller.Tenant, cancellationToken) : allowed.Refusal;
    }

    public async Task<Result<FidelityLimits>> SetAsync(Caller caller, FidelityLimits limits, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, ModelsPermissions.SetRules, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var faults = new Faults()
            .When(limits.Tolerance is not (> 0 and <= 1), "tolerance", "models.limit_tolerance")
            .When(limits.RefuseAboveShare is not (>= 0 and <= 1), "refuseAboveShare", "models.limit_share");
        if (faults.Refusal is { } refusal)
            return refusal;
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        var row = await db.FidelityRules.SingleOrDefaultAsync(cancellationToken);
        var before = row is null ? FidelityLimits.Default : new FidelityLimits(row.Tolerance, row.RefuseAboveShare);
        row ??= db.FidelityRules.Add(new FidelityRuleRow()).Entity;
        (row.Tolerance, row.RefuseAboveShare, row.SetBy, row.SetAt) = (limits.Tolerance, limits.RefuseAboveShare, caller.User, now);
        db.Record(caller, new Subject("settings", "fidelity", "fidelity", null), new FidelityRuleSet(before.Tolerance, limits.Tolerance, before.RefuseAboveShare, limits.RefuseAboveShare), now);
        return await db.CommitAsync(caller, limits, now, cancellationToken);
    }

    internal async Task<FidelityLimits> OfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(tenant);
        return await db.FidelityRules.AsNoTracking().Select(row => new FidelityLimits(row.Tolerance, row.RefuseAboveShare)).SingleOrDefaultAsync(cancellationToken) ?? FidelityLimits.Default;
    }
}
