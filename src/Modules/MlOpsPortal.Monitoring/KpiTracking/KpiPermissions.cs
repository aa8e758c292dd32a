using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Who may do what with measured KPIs.</summary>
public static class KpiPermissions
{
    public static readonly Permission View = new("kpis.view", Permission.Everyone);

    /// <summary>A query can show any cell of its inputs: for those who may see rows, and asked of each input again.</summary>
    public static readonly Permission Define = new("kpis.define_measurement", Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer);
    public static readonly Permission Run = new("kpis.measure", Role.BusinessOwner, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer);

    public static readonly PermissionList All = new("kpis", [View, Define, Run]);
}
