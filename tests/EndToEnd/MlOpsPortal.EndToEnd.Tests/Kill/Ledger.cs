using System.Security.Cryptography;
using Azure.Storage.Blobs;
using MlOpsPortal.Testing;
using Npgsql;

namespace MlOpsPortal.EndToEnd.Kill;

/// <summary>What the database and the blob store hold in the end, as their owner sees it.</summary>
internal sealed class Ledger(NpgsqlDataSource owner, TestTenant tenant)
{
    /// <summary>After a long run there is much to count.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>How often each key was written, by kind of work.</summary>
    public async Task<Dictionary<string, long>> FoundAsync() => (await RowsAsync(
        """
        SELECT name, count(*) FROM projects.projects WHERE tenant_id = $1 AND name LIKE 'kill-%' GROUP BY name
        UNION ALL
        SELECT entry ->> 'title', count(*) FROM projects.projects, jsonb_path_query(document, '$.**.objectives[*]') entry WHERE tenant_id = $1 AND entry ->> 'title' LIKE 'kill-%' GROUP BY 1
        UNION ALL
        SELECT entry -> 'lineage' ->> 'algorithm', count(*) FROM models.models, jsonb_path_query(document, '$.**.versions[*]') entry WHERE tenant_id = $1 AND entry -> 'lineage' ->> 'algorithm' LIKE 'kill-%' GROUP BY 1
        UNION ALL
        SELECT name, count(*) FROM access.tokens WHERE tenant_id = $1 AND name LIKE 'kill-%' GROUP BY name
        UNION ALL
        SELECT 'kill-' || CASE WHEN seed < 10000 THEN lpad(seed::text, 4, '0') ELSE seed::text END, count(*) FROM models.evaluations WHERE tenant_id = $1 AND seed < 1000000 GROUP BY seed
        UNION ALL
        SELECT prediction_id, count(*) FROM monitoring.actuals WHERE tenant_id = $1 AND prediction_id LIKE 'kill-%' GROUP BY prediction_id
        UNION ALL
        SELECT prediction_id, count(*) FROM monitoring.predictions WHERE tenant_id = $1 AND prediction_id LIKE 'kill-%' GROUP BY prediction_id
        """,
        row => (Key: row.GetString(0), Count: row.GetInt64(1)))).ToDictionary(row => row.Key, row => row.Count, StringComparer.Ordinal);

    public Task<long> PredictionsAsync() => CountAsync("SELECT count(*) FROM monitoring.predictions WHERE tenant_id = $1 AND prediction_id LIKE 'kill-%'");

    /// <summary>Events that nobody has been told of.</summary>
    public Task<long> UnsentAsync() => CountAsync("SELECT count(*) FROM platform.outbox WHERE tenant_id = $1 AND sent_at IS NULL");

    public Task<long> OpenJobsAsync() => CountAsync("SELECT count(*) FROM platform.jobs WHERE tenant_id = $1 AND state IN ('Queued', 'Running')");

    /// <summary>Aggregates whose version is not the number of their changes in the trail, or whose events are not the trail's.</summary>
    public Task<List<string>> HalfWrittenAsync() => RowsAsync(
        """
        WITH trail AS (
            SELECT subject_id, count(*) AS changes FROM platform.audit WHERE tenant_id = $1 AND action NOT LIKE 'model.evaluation%' AND action NOT LIKE 'monitoring.%' GROUP BY subject_id),
        told AS (
            SELECT subject_id, count(*) AS events FROM platform.outbox WHERE tenant_id = $1 AND type NOT LIKE 'model.evaluation%' AND type NOT LIKE 'monitoring.%' GROUP BY subject_id),
        aggregate AS (
            SELECT 'project' AS kind, id, version FROM projects.projects WHERE tenant_id = $1
            UNION ALL SELECT 'model', id, version FROM models.models WHERE tenant_id = $1
            UNION ALL SELECT 'deployment', id, version FROM deployments.deployments WHERE tenant_id = $1)
        SELECT format('%s %s: version %s, %s in the trail, %s events', kind, id, version, coalesce(changes, 0), coalesce(events, 0))
        FROM aggregate
            LEFT JOIN trail ON trail.subject_id = replace(aggregate.id::text, '-', '')
            LEFT JOIN told ON told.subject_id = replace(aggregate.id::text, '-', '')
        WHERE version <> coalesce(changes, 0) OR version <> coalesce(events, 0)
        """,
        row => row.GetString(0));

    /// <summary>Evaluations that were not asked for and ended exactly once in the trail, or that have no result.</summary>
    public Task<List<string>> EvaluationsAskewAsync() => RowsAsync(
        """
        WITH trail AS (
            SELECT detail ->> 'evaluation' AS evaluation, count(*) FILTER (WHERE action = 'model.evaluation_requested') AS asked, count(*) FILTER (WHERE action = 'model.evaluation_finished') AS ended
            FROM platform.audit WHERE tenant_id = $1 AND action LIKE 'model.evaluation%' GROUP BY 1)
        SELECT format('%s: %s, asked %s, ended %s', seed, state, coalesce(asked, 0), coalesce(ended, 0))
        FROM models.evaluations evaluation LEFT JOIN trail ON trail.evaluation = replace(evaluation.id::text, '-', '')
        WHERE tenant_id = $1 AND (state NOT IN ('Done', 'Failed') OR coalesce(asked, 0) <> 1 OR coalesce(ended, 0) <> 1)
        """,
        row => row.GetString(0));

    /// <summary>Projects that nobody is a member of: hidden from their creator too.</summary>
    public Task<List<string>> WithoutMemberAsync() => RowsAsync(
        "SELECT name FROM projects.projects project WHERE tenant_id = $1 AND NOT EXISTS (SELECT FROM access.scope_memberships WHERE tenant_id = $1 AND scope = project.id)",
        row => row.GetString(0));

    public Task<List<string>> TokensWithoutTrailAsync() => RowsAsync(
        "SELECT name FROM access.tokens token WHERE tenant_id = $1 AND (SELECT count(*) FROM platform.audit WHERE tenant_id = $1 AND subject_id = replace(token.id::text, '-', '')) <> 1",
        row => row.GetString(0));

    /// <summary>Versions that still wait for a verdict although no job is open.</summary>
    public Task<List<string>> ForgottenVersionsAsync() => RowsAsync(
        "SELECT entry ->> 'number' FROM models.models, jsonb_path_query(document, '$.**.versions[*]') entry WHERE tenant_id = $1 AND entry ->> 'state' = 'admitting'",
        row => row.GetString(0));

    /// <summary>Blobs that a row names and that are not there, or are not what the row says.</summary>
    public async Task<List<string>> BrokenBlobsAsync(BlobContainerClient container)
    {
        var wrong = new List<string>();
        foreach (var (id, length, sha256) in await RowsAsync("SELECT id, length, sha256 FROM platform.blobs WHERE tenant_id = $1", row => (row.GetGuid(0), row.GetInt64(1), row.GetString(2))))
        {
            var blob = container.GetBlobClient($"{tenant.Id}/{id:n}");
            if (!await blob.ExistsAsync())
            {
                wrong.Add($"{id:n} is not there");
                continue;
            }

            var content = (await blob.DownloadContentAsync()).Value.Content.ToArray();
            if (content.LongLength != length || Convert.ToHexStringLower(SHA256.HashData(content)) != sha256)
                wrong.Add($"{id:n} is not what its row says");
        }

        return wrong;
    }

    /// <summary>Model versions whose file has no row among the blobs.</summary>
    public Task<List<string>> VersionsWithoutBlobAsync() => RowsAsync(
        """
        SELECT entry ->> 'number' FROM models.models model, jsonb_path_query(model.document, '$.**.versions[*]') entry
        WHERE model.tenant_id = $1
          AND NOT EXISTS (SELECT FROM platform.blobs WHERE tenant_id = $1 AND replace(id::text, '-', '') = entry -> 'file' ->> 'blob' AND sha256 = entry -> 'file' ->> 'sha256')
        """,
        row => row.GetString(0));

    private async Task<long> CountAsync(string sql) => (await RowsAsync(sql, row => row.GetInt64(0))).Single();

    private async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = owner.CreateCommand(sql);
        command.CommandTimeout = (int)Patience.TotalSeconds;
        command.Parameters.Add(new NpgsqlParameter { Value = tenant.Id.Value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
