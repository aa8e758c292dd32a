using MlOpsPortal.Access.Roles;

namespace MlOpsPortal.Web.Components.Pages.Access;

/// <summary>Permissions and their reasons as a person reads them.</summary>
internal static class PermissionWords
{
    private static readonly Dictionary<string, string> Modules = new(StringComparer.Ordinal)
    {
        ["access"] = "People", ["audit"] = "Audit", ["projects"] = "Business", ["datasets"] = "Data", ["models"] = "Models", ["deployments"] = "Endpoints", ["monitoring"] = "Monitoring", ["work"] = "Working together",
    };

    public static string Module(string module) => Modules.GetValueOrDefault(module) ?? Capital(module);

    /// <summary><c>projects.sign_off</c> reads "Sign off".</summary>
    public static string Of(string permission) => Capital(permission[(permission.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' '));

    /// <summary>Which role on which scope gives it, or which would.</summary>
    public static string Why(EffectivePermission permission, RoleWords words, string? project) => permission.Allowed
        ? string.Join("; ", permission.Because.Select(given => $"{words.Of(given.Role)} {(given.From == RoleSource.Tenant ? "in the tenant" : $"on {project}")}"))
        : $"needs {words.Of(permission.Needs)}";

    private static string Capital(string word) => word.Length == 0 ? word : string.Concat(word[..1].ToUpperInvariant(), word[1..]);
}
