using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Models;

/// <summary>What this module lets whom do.</summary>
public static class ModelsPermissions
{
    public static readonly Permission View = new("models.view", Permission.Everyone);
    public static readonly Permission Upload = new("models.upload", Role.DataScientist, Role.MlOpsEngineer);
    public static readonly Permission Evaluate = new("models.evaluate", Role.DataScientist, Role.MlOpsEngineer);
    public static readonly Permission RequestRelease = new("models.request_release", Role.DataScientist, Role.MlOpsEngineer);
    public static readonly Permission DecideRelease = new("models.decide_release", Role.RiskManager, Role.BusinessOwner);
    public static readonly Permission SetRules = new("models.set_rules", Role.RiskManager, Role.TenantAdministrator);

    public static readonly PermissionList All = new("models", [View, Upload, Evaluate, RequestRelease, DecideRelease, SetRules]);
}
