using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>The statements behind <see cref="ArtifactDesk"/>. Paths are compared byte by byte, so that everything below a folder lies between
/// <c>folder/</c> and <c>folder0</c> ('0' follows '/').</summary>
internal static class ArtifactStatements
{
    private const string Below = "(@path = '' OR (path >= @path || '/' AND path < @path || '0'))";
    private const string AtOrBelow = "(path = @path OR " + Below + ")";
    private const string PinnedAbove = "EXISTS (SELECT 1 FROM tracking.artifact_pins WHERE tenant_id = @tenant AND owner_id = @owner AND (path = @path OR path = '' OR path = ANY(@above)))";
    private const string PinnedBelow = "EXISTS (SELECT 1 FROM tracking.artifact_pins WHERE tenant_id = @tenant AND owner_id = @owner AND " + Below + ")";

    /// <param name="orWithin">Also when a pin stands below.</param>
    public static async Task<bool> PinnedAsync(TrackingDbContext db, ArtifactAddress address, CancellationToken cancellationToken, bool orWithin = false) =>
        (bool)(await ScalarAsync(db, $"SELECT {PinnedAbove}" + (orWithin ? $" OR {PinnedBelow}" : ""), address, cancellationToken))!; // EXISTS is never null

    public static async Task<bool> IsFolderAsync(TrackingDbContext db, ArtifactAddress address, CancellationToken cancellationToken) =>
        (bool)(await ScalarAsync(db, $"SELECT EXISTS (SELECT 1 FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND {Below})", address, cancellationToken))!; // EXISTS is never null

    /// <summary>Blob's row, artifact's row and the end of the blob that it replaces, in one transaction and one round trip. Who writes the same path at the same moment waits.</summary>
    public static async Task<PutOutcome> PutAsync(TrackingDbContext db, Caller caller, ArtifactAddress address, BlobRow blob, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        batch.BatchCommands.Add(Command("SELECT pg_advisory_xact_lock(hashtextextended(@owner::text || '/' || @path, 0))", db.Tenant, address));
        var put = Command(
            $"""
            WITH barred AS (
                SELECT {PinnedAbove} AS pinned,
                       EXISTS (SELECT 1 FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND (path = ANY(@above) OR {Below})) AS clash),
            free AS (SELECT 1 FROM barred WHERE NOT pinned AND NOT clash),
            old AS (SELECT blob_id FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND path = @path),
            blob AS (
                INSERT INTO platform.blobs (tenant_id, id, length, sha256, purpose, created_at)
                SELECT @tenant, @blob, @length, @sha256, @purpose, @now FROM free
                ON CONFLICT DO NOTHING),
            kept AS (
                INSERT INTO tracking.artifacts (tenant_id, owner_id, path, blob_id, length, sha256, at, by)
                SELECT @tenant, @owner, @path, @blob, @length, @sha256, @now, @by FROM free
                ON CONFLICT (tenant_id, owner_id, path) DO UPDATE
                SET blob_id = excluded.blob_id, length = excluded.length, sha256 = excluded.sha256, at = excluded.at, by = excluded.by),
            replaced AS (DELETE FROM platform.blobs WHERE tenant_id = @tenant AND id IN (SELECT blob_id FROM old) AND id <> @blob AND EXISTS (SELECT 1 FROM free))
            SELECT pinned, clash FROM barred
            """, db.Tenant, address);
        NpgsqlParameter[] more =
        [
            new("blob", blob.Id.Value), new("length", blob.Length), new("sha256", blob.Sha256), new("purpose", blob.Purpose), new("now", now.UtcDateTime), new("by", caller.User.Value),
        ];
        put.Parameters.AddRange(more);
        batch.BatchCommands.Add(put);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0) ? PutOutcome.Pinned : reader.GetBoolean(1) ? PutOutcome.Clash : PutOutcome.Kept;
    }

    public static async Task<ImmutableArray<ArtifactEntry>> ListAsync(TrackingDbContext db, ArtifactAddress address, CancellationToken cancellationToken)
    {
        var entries = ImmutableArray.CreateBuilder<ArtifactEntry>();
        await using var command = await PlainAsync(
            db,
            $"""
            SELECT name, bool_or(deeper), max(length) FROM (
                SELECT split_part(rest, '/', 1) AS name, position('/' IN rest) > 0 AS deeper, length
                FROM (SELECT CASE WHEN @path = '' THEN path ELSE substr(path, length(@path) + 2) END AS rest, length
                      FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND {Below}) AS file) AS entry
            GROUP BY name ORDER BY name COLLATE "C"
            """,
            address,
            cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(reader.GetBoolean(1) ? new ArtifactEntry(reader.GetString(0), true, null) : new ArtifactEntry(reader.GetString(0), false, reader.GetInt64(2)));
        return entries.ToImmutable();
    }

    public static async Task<ImmutableArray<Artifact>> ListAllAsync(TrackingDbContext db, ArtifactAddress address, int most, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<Artifact>();
        await using var command = await PlainAsync(
            db, $"SELECT path, length, sha256, at, blob_id FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND {AtOrBelow} ORDER BY path LIMIT @most", address, cancellationToken);
        command.Parameters.Add(new NpgsqlParameter("most", most));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            files.Add(new Artifact(ArtifactPath.Parse(reader.GetString(0)) ?? ArtifactPath.Root, reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)) { Blob = new BlobId(reader.GetGuid(4)), Tenant = db.Tenant });
        return files.ToImmutable();
    }

    public static async Task<ArtifactCount> DeleteAsync(TrackingDbContext db, Caller caller, ArtifactAddress address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = await PlainAsync(
            db,
            $"""
            WITH gone AS (DELETE FROM tracking.artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND {AtOrBelow} RETURNING *),
            kept AS (
                INSERT INTO tracking.deleted_artifacts (tenant_id, id, owner_id, path, blob_id, length, sha256, at, by, deleted_at, deleted_by)
                SELECT tenant_id, gen_random_uuid(), owner_id, path, blob_id, length, sha256, at, by, @now, @name FROM gone)
            SELECT count(*)::int, coalesce(sum(length), 0)::bigint FROM gone
            """,
            address,
            cancellationToken);
        command.Parameters.Add(new NpgsqlParameter("now", now.UtcDateTime));
        command.Parameters.Add(new NpgsqlParameter("name", caller.Name));
        return await CountAsync(command, cancellationToken);
    }

    public static async Task<ArtifactCount> RestoreAsync(TrackingDbContext db, Caller caller, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var command = await PlainAsync(
            db,
            $"""
            WITH latest AS (
                SELECT DISTINCT ON (path) * FROM tracking.deleted_artifacts WHERE tenant_id = @tenant AND owner_id = @owner AND {AtOrBelow} ORDER BY path, deleted_at DESC),
            back AS (
                INSERT INTO tracking.artifacts (tenant_id, owner_id, path, blob_id, length, sha256, at, by)
                SELECT tenant_id, owner_id, path, blob_id, length, sha256, at, by FROM latest
                WHERE NOT EXISTS (SELECT 1 FROM tracking.artifacts other
                                  WHERE other.tenant_id = latest.tenant_id AND other.owner_id = latest.owner_id
                                    AND (starts_with(other.path, latest.path || '/') OR starts_with(latest.path, other.path || '/')))
                ON CONFLICT (tenant_id, owner_id, path) DO NOTHING
                RETURNING path, blob_id, length),
            forgotten AS (DELETE FROM tracking.deleted_artifacts old USING back WHERE old.tenant_id = @tenant AND old.owner_id = @owner AND old.blob_id = back.blob_id)
            SELECT count(*)::int, coalesce(sum(length), 0)::bigint FROM back
            """,
            address,
            cancellationToken);
        return await CountAsync(command, cancellationToken);
    }

    private static async Task<ArtifactCount> CountAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new ArtifactCount(reader.GetInt32(0), reader.GetInt64(1));
    }

    private static async Task<object?> ScalarAsync(TrackingDbContext db, string sql, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await using var command = await PlainAsync(db, sql, address, cancellationToken);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<NpgsqlCommand> PlainAsync(TrackingDbContext db, string sql, ArtifactAddress address, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken); // no effect when a transaction has opened it
        var command = ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(Parameters(db.Tenant, address));
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, TenantId tenant, ArtifactAddress address)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(Parameters(tenant, address));
        return command;
    }

    private static NpgsqlParameter[] Parameters(TenantId tenant, ArtifactAddress address) =>
    [
        new("tenant", tenant.Value), new("owner", address.Owner.Id), new("path", address.Path.Text), new("above", address.Path.Ancestors.Select(path => path.Text).ToArray()),
    ];
}
