using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Deployments;

/// <summary>What this module lets whom do.</summary>
public static class DeploymentsPermissions
{
    public static readonly Permission View = new("deployments.view", Permission.Everyone);

    /// <summary>Create, switch off and on, archive.</summary>
    public static readonly Permission Operate = new("deployments.operate", Role.MlOpsEngineer, Role.TenantAdministrator);

    /// <summary>Release a version, roll back.</summary>
    public static readonly Permission Release = new("deployments.release", Role.MlOpsEngineer);
    public static readonly Permission Score = new("deployments.score", Role.MlOpsEngineer, Role.DataScientist, Role.TenantAdministrator);

    public static readonly PermissionList All = new("deployments", [View, Operate, Release, Score]);
}
