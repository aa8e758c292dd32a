using System.Collections.Immutable;

namespace MlOpsPortal.Platform.Permissions;

/// <summary>Something a role allows. Each module lists its own in XPermissions.cs.</summary>
/// <param name="Name">Stable, module first: <c>projects.sign_off</c>.</param>
/// <param name="Roles">Any one of them is enough.</param>
public sealed record Permission(string Name, params ImmutableArray<Role> Roles)
{
    /// <summary>Every role.</summary>
    public static readonly ImmutableArray<Role> Everyone = [.. Enum.GetValues<Role>()];
}
