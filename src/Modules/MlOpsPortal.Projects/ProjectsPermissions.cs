using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Projects;

/// <summary>What this module lets whom do.</summary>
public static class ProjectsPermissions
{
    public static readonly Permission Create = new("projects.create", Role.BusinessOwner, Role.DataScientist, Role.TenantAdministrator);
    public static readonly Permission View = new("projects.view", Permission.Everyone);
    public static readonly Permission EditBusiness = new("projects.edit_business", Role.BusinessOwner, Role.DataScientist);
    public static readonly Permission RecordValues = new("projects.record_values", Role.BusinessOwner, Role.DataScientist);
    public static readonly Permission SignOff = new("projects.sign_off", Role.BusinessOwner, Role.RiskManager);
    public static readonly Permission Reopen = new("projects.reopen", Role.BusinessOwner, Role.RiskManager, Role.DataScientist);
    public static readonly Permission Archive = new("projects.archive", Role.BusinessOwner, Role.TenantAdministrator);

    public static readonly PermissionList All = new("projects", [Create, View, EditBusiness, RecordValues, SignOff, Reopen, Archive]);
}
