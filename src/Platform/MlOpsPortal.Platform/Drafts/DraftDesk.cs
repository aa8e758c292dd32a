using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Drafts;

/// <summary>The text of a form that was not saved: one per person, tenant and form, so that neither a lost connection nor a closed browser loses it.</summary>
/// <param name="Fields">What was typed, by the field's name.</param>
public sealed record Draft(ImmutableDictionary<string, string> Fields, DateTimeOffset SavedAt);

/// <summary>Keeps drafts. Each person sees her own only; they are no part of the audit.</summary>
public sealed class DraftDesk(ITenantDb<PlatformDbContext> databases, TimeProvider time)
{
    public const int LongestKey = 200;
    public const int MostFields = 200;

    /// <summary>Characters over all fields of one form.</summary>
    public const int LongestText = 256 * 1024;
    private const int MostDrafts = 200;

    public async Task<Draft?> FindAsync(Caller caller, string formKey, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var row = await db.Drafts.AsNoTracking().SingleOrDefaultAsync(draft => draft.UserId == caller.User && draft.FormKey == formKey, cancellationToken);
        return row is null ? null : new Draft(JsonSerializer.Deserialize<ImmutableDictionary<string, string>>(row.Fields, PortalJson.Options) ?? [], row.SavedAt);
    }

    /// <summary>Keeps what is typed now instead of what was there. The oldest of very many give way.</summary>
    public async Task<Result<DateTimeOffset>> KeepAsync(Caller caller, string formKey, ImmutableDictionary<string, string> fields, CancellationToken cancellationToken)
    {
        if (formKey.Length is 0 or > LongestKey || fields.Count > MostFields || fields.Sum(field => (long)field.Key.Length + field.Value.Length) > LongestText)
            return new Validation("drafts.too_large", (LongestText / 1024).ToString(CultureInfo.InvariantCulture)) { Kind = ValidationKind.TooLarge };
        var now = time.GetMicrosecondNow();
        // jsonb holds no NUL.
        var json = JsonSerializer.Serialize(fields, PortalJson.Options).Replace("\\u0000", "", StringComparison.Ordinal);
        await using var db = databases.Open(caller.Tenant);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO platform.drafts (tenant_id, user_id, form_key, fields, saved_at) VALUES ({caller.Tenant.Value}, {caller.User.Value}, {formKey}, {json}::jsonb, {now})
            ON CONFLICT (tenant_id, user_id, form_key) DO UPDATE SET fields = excluded.fields, saved_at = excluded.saved_at
            """,
            cancellationToken);
        await db.Drafts.Where(draft => draft.UserId == caller.User).OrderByDescending(draft => draft.SavedAt).Skip(MostDrafts).ExecuteDeleteAsync(cancellationToken);
        return now;
    }

    public async Task DiscardAsync(Caller caller, string formKey, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        await db.Drafts.Where(draft => draft.UserId == caller.User && draft.FormKey == formKey).ExecuteDeleteAsync(cancellationToken);
    }
}
