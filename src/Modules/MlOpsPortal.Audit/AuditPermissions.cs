using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Audit;

/// <summary>Who reads what everybody did.</summary>
public static class AuditPermissions
{
    public static readonly Permission ReadTrail = new("audit.read_trail", Role.RiskManager, Role.TenantAdministrator);

    public static readonly IReadOnlyList<Permission> All = [ReadTrail];
}
