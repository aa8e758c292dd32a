namespace MlOpsPortal.Platform.Permissions;

/// <summary>What a member comes to do. Roles are given in a tenant and, narrower, in a project.</summary>
public enum Role
{
    Viewer,
    BusinessOwner,
    DataScientist,
    DataEngineer,
    MlOpsEngineer,
    RiskManager,
    TenantAdministrator,
}
