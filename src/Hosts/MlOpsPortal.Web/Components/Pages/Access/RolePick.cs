using System.Collections.Immutable;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Web.Components.Pages.Access;

/// <summary>One role with its tick.</summary>
public sealed class RolePick(Role role, bool picked)
{
    public Role Role { get; } = role;

    public bool Picked { get; set; } = picked;

    public static IReadOnlyList<RolePick> All(IEnumerable<Role> picked) => [.. Permission.Everyone.Select(role => new RolePick(role, picked.Contains(role)))];

    public static ImmutableArray<Role> Picks(IReadOnlyList<RolePick> picks) => [.. picks.Where(pick => pick.Picked).Select(pick => pick.Role)];
}
