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
    private readonly ConcurrentDictionary<int, string> names = new();

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

    /// <returns>Null when this process has not met the number yet: <see cref="NamesAsync"/> asks for it.</returns>
    public string? Name(int number) => names.GetValueOrDefault(number);

    /// <summary>Names by their numbers, as rows of the caller's tenant have them.</summary>
    public async Task<IReadOnlyList<(int Number, string Name)>> NamesAsync(NpgsqlConnection connection, int[] numbers, CancellationToken cancellationToken)
    {
        await using var find = connection.Sql("SELECT id, name FROM tracking.keys WHERE id = ANY($1)", numbers);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new List<(int, string)>(numbers.Length);
        while (await reader.ReadAsync(cancellationToken))
            found.Add((reader.GetInt32(0), Remember(reader.GetInt32(0), reader.GetString(1))));
        return found;
    }

    private string Remember(int number, string name)
    {
        if (names.Count > MaxRemembered)
            names.Clear();
        return names.GetOrAdd(number, name);
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
