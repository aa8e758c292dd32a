namespace MlOpsPortal.Platform.Permissions;

/// <summary>A module's permissions, registered so that pages can explain who may do what.</summary>
public sealed record PermissionList(string Module, IReadOnlyList<Permission> Permissions);
