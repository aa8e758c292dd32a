using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Aggregates;

/// <summary>A grain's key: <c>{tenant}/{id}</c>, both as 32 hex digits.</summary>
public static class GrainKey
{
    public static string Of(TenantId tenant, Guid id) => $"{tenant}/{Id.Text(id)}";

    /// <exception cref="FormatException">The key was not made by <see cref="Of"/>.</exception>
    public static (TenantId Tenant, Guid Id) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? (new TenantId(Guid.ParseExact(key.AsSpan(0, slash), "n")), Guid.ParseExact(key.AsSpan(slash + 1), "n"))
            : throw new FormatException($"'{key}' is no grain key.");
    }
}
