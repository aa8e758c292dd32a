using System.Collections.Concurrent;
using MlOpsPortal.Platform.Ids;
using Npgsql;

namespace MlOpsPortal.Tracking.Data;

/// <summary>Names of metrics, parameters and tags, and their numbers. A number never changes, so that a process may remember it.</summary>
internal sealed class KeyBook
{
    /// <summary>Names remembered; beyond it the memory begins anew.</summary>
    private const int MaxRemembered = 200_000;

    private readonly ConcurrentDictionary<(TenantId Tenant, string Name), int> known = new();

    /// <summary>The numbers of names, in their order; what is new gets one.</summary>
    public async Task<int[]> TakeAsync(NpgsqlConnection connection, TenantId tenant, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var numbers = new int[names.Count];
        HashSet<string>? missing = null;
        for (var index = 0; index < numbers.Length; index++)
            if (!known.TryGetValue((tenant, names[index]), out numbers[index]))
                (missing ??= new(StringComparer.Ordinal)).Add(names[index]);
        if (missing is null)
            return numbers;
        string[] wanted = [.. missing.Order(StringComparer.Ordinal)];
        if (await ReadAsync(connection, tenant, wanted, cancellationToken) < wanted.Length)
        {
            await using (var insert = connection.Sql("INSERT INTO tracking.keys (tenant_id, name) SELECT $1, name FROM unnest($2::text[]) AS name ON CONFLICT DO NOTHING", tenant.Value, wanted))
                await insert.ExecuteNonQueryAsync(cancellationToken);
            await ReadAsync(connection, tenant, wanted, cancellationToken);
        }

        for (var index = 0; index < numbers.Length; index++)
            numbers[index] = known[(tenant, names[index])];
        return numbers;
    }

    /// <returns>Null for a name that was never logged.</returns>
    public async Task<int?> FindAsync(NpgsqlConnection connection, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        if (known.TryGetValue((tenant, name), out var number))
            return number;
        await ReadAsync(connection, tenant, [name], cancellationToken);
        return known.TryGetValue((tenant, name), out number) ? number : null;
    }

    private async Task<int> ReadAsync(NpgsqlConnection connection, TenantId tenant, string[] names, CancellationToken cancellationToken)
    {
        if (known.Count > MaxRemembered)
            known.Clear();
        await using var find = connection.Sql("SELECT name, id FROM tracking.keys WHERE tenant_id = $1 AND name = ANY($2)", tenant.Value, names);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var count = 0;
        for (; await reader.ReadAsync(cancellationToken); count++)
            known[(tenant, reader.GetString(0))] = reader.GetInt32(1);
        return count;
    }
}
