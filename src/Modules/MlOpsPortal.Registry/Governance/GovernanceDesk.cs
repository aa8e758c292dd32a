using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Data;

namespace MlOpsPortal.Registry.Governance;

/// <summary>The tenant's rules about moves.</summary>
public sealed class GovernanceDesk
{
    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly IPermissions permissions;
    private readonly TimeProvider time;

    internal GovernanceDesk(ITenantDb<RegistryDbContext> databases, IPermissions permissions, TimeProvider time) => (this.databases, this.permissions, this.time) = (databases, permissions, time);

    public async Task<GovernanceRule> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await RuleAsync(db, cancellationToken);
    }

    public async Task<Result<GovernanceRule>> SetAsync(Caller caller, IReadOnlyCollection<string> aliases, bool stages, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, RegistryPermissions.SetRules, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        ImmutableArray<string> wanted = [.. aliases.Select(alias => alias.Trim()).Where(alias => alias.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (wanted.Length > GovernanceRule.MostAliases)
            return RegistryErrors.TooManyTags(GovernanceRule.MostAliases);
        if (wanted.Select(RegistryText.CheckAlias).FirstOrDefault(wrong => wrong is not null) is not null)
            return new Validation("invalid") { Fields = [new FieldFault("protectedAliases", "registry.alias_invalid")] };
        await using var db = databases.Open(caller.Tenant);
        var before = await RuleAsync(db, cancellationToken);
        var row = await db.Governance.SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            db.Governance.Add(row = new GovernanceRow());
        (row.ProtectedAliases, row.ProtectStages) = ([.. wanted], stages);
        var now = time.GetMicrosecondNow();
        db.Record(caller, new Subject("registryRules", "registry", "Registry rules", null), new GovernanceChanged(before.ProtectedAliases, wanted, before.ProtectStages, stages), now);
        return await db.CommitAsync(caller, new GovernanceRule(wanted, stages), now, cancellationToken);
    }

    internal static async Task<GovernanceRule> RuleAsync(RegistryDbContext db, CancellationToken cancellationToken) =>
        await db.Governance.AsNoTracking().SingleOrDefaultAsync(cancellationToken) is { } row ? new GovernanceRule([.. row.ProtectedAliases], row.ProtectStages) : GovernanceRule.Default;
}
