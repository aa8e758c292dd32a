using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Datasets;

/// <summary>Who may do what with data.</summary>
public static class DatasetsPermissions
{
    public static readonly Permission View = new("datasets.view", Permission.Everyone);

    /// <summary>Rows may hold personal data: not for everybody who may see figures.</summary>
    public static readonly Permission SeeRows = new("datasets.see_rows", Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer, Role.RiskManager);
    public static readonly Permission Edit = new("datasets.edit", Role.DataScientist, Role.DataEngineer);
    public static readonly Permission Archive = new("datasets.archive", Role.DataScientist, Role.DataEngineer, Role.TenantAdministrator);

    public static readonly PermissionList All = new("datasets", [View, SeeRows, Edit, Archive]);
}
