using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Access.Tenants;

/// <summary>What a tenant may be called: plain ASCII in addresses, so that no look-alike exists, and no word that the portal itself uses.</summary>
public static partial class TenantSlug
{
    public const int MaxNameLength = 100;

    private static readonly FrozenSet<string> Reserved = new[]
    {
        "admin", "api", "account", "accounts", "app", "assets", "auth", "blazor", "error", "health", "help", "invitation", "login", "logout", "me",
        "metrics", "mlflow", "new", "not-found", "operator", "portal", "public", "root", "sign-in", "sign-out", "static", "status", "support", "system",
        "t", "tenant", "tenants", "www",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <returns>Null when both are acceptable.</returns>
    public static Validation? Check(string name, string slug)
    {
        List<FieldFault> faults = [];
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
            faults.Add(new FieldFault("name", "access.tenant_name_invalid", MaxNameLength.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (!Pattern().IsMatch(slug))
            faults.Add(new FieldFault("slug", "access.tenant_slug_invalid"));
        else if (Reserved.Contains(slug))
            faults.Add(new FieldFault("slug", "access.tenant_slug_reserved"));
        return faults.Count == 0 ? null : new Validation("invalid") { Fields = [.. faults] };
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z(?<=\A.{2,40})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
