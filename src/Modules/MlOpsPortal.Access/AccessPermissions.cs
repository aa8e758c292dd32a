using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Access;

/// <summary>Who may see and change who is who.</summary>
public static class AccessPermissions
{
    public static readonly Permission SeeMembers = new("access.see_members", Permission.Everyone);

    public static readonly Permission ManageMembers = new("access.manage_members", Role.TenantAdministrator);

    /// <summary>In a project: its business owner may bring in colleagues, within the limits of <see cref="Members.MemberRules"/>.</summary>
    public static readonly Permission ManageScopeMembers = new("access.manage_scope_members", Role.BusinessOwner, Role.TenantAdministrator);

    /// <summary>A token of one's own. Who only reads comes by browser.</summary>
    public static readonly Permission IssueTokens = new(
        "access.issue_tokens", Role.BusinessOwner, Role.DataScientist, Role.DataEngineer, Role.MlOpsEngineer, Role.RiskManager, Role.TenantAdministrator);

    public static readonly Permission ManageServiceAccounts = new("access.manage_service_accounts", Role.TenantAdministrator);

    public static readonly IReadOnlyList<Permission> All = [SeeMembers, ManageMembers, ManageScopeMembers, IssueTokens, ManageServiceAccounts];
}
