using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Registry;

/// <summary>What this module lets whom do, in the project of the registered model.</summary>
public static class RegistryPermissions
{
    public static readonly Permission View = new("registry.view", Permission.Everyone);

    /// <summary>Register models and versions, describe and tag them, move aliases and stages as far as they are not protected.</summary>
    public static readonly Permission Write = new("registry.write", Role.DataScientist, Role.MlOpsEngineer, Role.DataEngineer, Role.TenantAdministrator);

    /// <summary>Delete and restore models and versions.</summary>
    public static readonly Permission Delete = new("registry.delete", Role.DataScientist, Role.MlOpsEngineer, Role.TenantAdministrator);

    /// <summary>Decide about somebody else's request to move a protected alias or a stage.</summary>
    public static readonly Permission Decide = new("registry.decide", Role.RiskManager, Role.BusinessOwner);

    /// <summary>Say which aliases are protected, for the whole tenant.</summary>
    public static readonly Permission SetRules = new("registry.set_rules", Role.RiskManager, Role.TenantAdministrator);

    public static readonly PermissionList All = new("registry", [View, Write, Delete, Decide, SetRules]);
}
