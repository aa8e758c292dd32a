using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Tracking;

/// <summary>What this module lets whom do, in the project of the experiment.</summary>
public static class TrackingPermissions
{
    public static readonly Permission View = new("tracking.view", Permission.Everyone);

    /// <summary>Make experiments and runs, log to them, upload their artifacts.</summary>
    public static readonly Permission Log = new("tracking.log", Role.DataScientist, Role.MlOpsEngineer, Role.DataEngineer, Role.TenantAdministrator);

    /// <summary>Delete and restore experiments and runs.</summary>
    public static readonly Permission Delete = new("tracking.delete", Role.DataScientist, Role.MlOpsEngineer, Role.TenantAdministrator);

    /// <summary>Move an experiment: demanded in the project it leaves and in the one it comes to.</summary>
    public static readonly Permission Move = new("tracking.move", Role.DataScientist, Role.MlOpsEngineer, Role.TenantAdministrator);

    public static readonly PermissionList All = new("tracking", [View, Log, Delete, Move]);
}
