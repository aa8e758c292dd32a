using MlOpsPortal.Platform.Errors;
using Npgsql;

namespace MlOpsPortal.Access.Tenants;

/// <param name="Because">What the operator says to members.</param>
public sealed record SuspendedTenant(string Name, string? Because)
{
    /// <summary>One answer wherever it is found out: a request that began before the suspension finds it at its first question about permissions.</summary>
    public Forbidden Refusal => new("access.tenant_suspended", Name, Because ?? "");

    /// <param name="first">The column with the name; the reason is the next one.</param>
    internal static SuspendedTenant From(NpgsqlDataReader reader, int first) => new(reader.GetString(first), reader.IsDBNull(first + 1) ? null : reader.GetString(first + 1));
}
