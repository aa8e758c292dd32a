using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Preferences;

/// <summary>How a person likes to see things, on whatever machine she sits. Each person sees her own only; it is no part of the audit, and a link says more than it.</summary>
public sealed class PreferenceDesk(ITenantDb<PlatformDbContext> databases, TimeProvider time)
{
    public const int LongestName = 200;

    /// <summary>Characters.</summary>
    public const int LongestValue = 64 * 1024;

    /// <summary>Of one person in one tenant; the oldest of more give way.</summary>
    public const int Most = 1_000;

    /// <summary>Null where she has none.</summary>
    public async Task<string?> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        return await db.Preferences.AsNoTracking().Where(preference => preference.UserId == caller.User && preference.Name == name).Select(preference => preference.Value).SingleOrDefaultAsync(cancellationToken);
    }

    /// <param name="value">Null takes it away.</param>
    public async Task<Result<DateTimeOffset>> KeepAsync(Caller caller, string name, string? value, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > LongestName || value?.Length > LongestValue)
            return new Validation("preferences.too_large", (LongestValue / 1024).ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.TooLarge };
        var now = time.GetMicrosecondNow();
        await using var db = databases.Open(caller.Tenant);
        if (value is null)
        {
            await db.Preferences.Where(preference => preference.UserId == caller.User && preference.Name == name).ExecuteDeleteAsync(cancellationToken);
            return now;
        }

        var text = value.Replace("\0", "", StringComparison.Ordinal); // PostgreSQL holds no NUL
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO platform.preferences (tenant_id, user_id, name, value, saved_at) VALUES ({caller.Tenant.Value}, {caller.User.Value}, {name}, {text}, {now})
            ON CONFLICT (tenant_id, user_id, name) DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at
            """,
            cancellationToken);
        await db.Preferences.Where(preference => preference.UserId == caller.User).OrderByDescending(preference => preference.SavedAt).ThenBy(preference => preference.Name).Skip(Most).ExecuteDeleteAsync(cancellationToken);
        return now;
    }
}
