using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Monitoring;

/// <summary>What this module lets whom do.</summary>
public static class MonitoringPermissions
{
    public static readonly Permission View = new("monitoring.view", Permission.Everyone);

    /// <summary>Set up monitors, run them.</summary>
    public static readonly Permission Operate = new("monitoring.operate", Role.MlOpsEngineer, Role.DataScientist, Role.TenantAdministrator);

    /// <summary>Send predictions made elsewhere, and outcomes.</summary>
    public static readonly Permission Send = new("monitoring.send", Role.MlOpsEngineer, Role.DataScientist, Role.DataEngineer, Role.TenantAdministrator);

    /// <summary>Acknowledge, assign, silence and resolve alerts; close incidents. They are told of incidents.</summary>
    public static readonly Permission HandleAlerts = new("monitoring.handle_alerts", Role.MlOpsEngineer, Role.DataScientist, Role.BusinessOwner, Role.TenantAdministrator);

    public static readonly PermissionList All = new("monitoring", [View, Operate, Send, HandleAlerts]);
}
