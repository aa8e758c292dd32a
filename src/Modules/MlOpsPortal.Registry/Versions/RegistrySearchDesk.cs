using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Registry.Data;
using MlOpsPortal.Registry.Registered;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Registry.Versions;

/// <summary>Finds models and versions by a filter. Prompts are left out unless they are asked for.</summary>
public sealed class RegistrySearchDesk
{
    public const int MostModels = 1_000;
    public const int MostVersions = 200_000;

    private const string PromptModel = $"EXISTS (SELECT 1 FROM registry.model_tags p WHERE p.tenant_id = m.tenant_id AND p.model_id = m.id AND p.key = '{RegistryDesk.PromptTag}' AND p.value = 'true')";
    private const string PromptVersions = $"EXISTS (SELECT 1 FROM registry.version_tags p WHERE p.tenant_id = m.tenant_id AND p.model_id = m.id AND p.key = '{RegistryDesk.PromptTag}' AND p.value = 'true')";

    private readonly ITenantDb<RegistryDbContext> databases;
    private readonly IPermissions permissions;
    private readonly PageTokens tokens;

    internal RegistrySearchDesk(ITenantDb<RegistryDbContext> databases, IPermissions permissions, PageTokens tokens) =>
        (this.databases, this.permissions, this.tokens) = (databases, permissions, tokens);

    public async Task<Result<Found<RegisteredModel>>> ModelsAsync(Caller caller, RegistrySearch search, CancellationToken cancellationToken)
    {
        var asked = Read(caller, search, FilterSchemas.RegisteredModels, MostModels);
        if (!asked.IsOk)
            return asked.Refusal;
        List<SortColumn> order = [.. asked.Value.Order.Select(term => term.Key == "name" ? new SortColumn("m.name", true, term.Ascending) : new SortColumn("m.updated_ms", false, term.Ascending))];
        if (!order.Exists(column => column.IsText))
            order.Add(new SortColumn("m.name", true, Ascending: true));
        var sql = new FilterSql().Text("SELECT m.id, 0, m.name, m.updated_ms FROM registry.registered_models m WHERE m.tenant_id = ").Value(caller.Tenant.Value).Text(" AND m.deleted_at IS NULL");
        if (!SearchPage.AsksForPrompts(asked.Value.Filter))
            sql.Text(" AND NOT ").Text(PromptModel);
        var found = await FindAsync(caller, search, asked.Value, order, sql, new ModelColumns(), row => [.. order.Select(column => column.IsText ? row.Name : SearchPage.Text(row.Updated))], cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        return new Found<RegisteredModel>(await db.ModelsAsync([.. found.Value.Items.Select(row => new RegisteredModelId(row.Model))], cancellationToken), found.Value.NextPageToken);
    }

    public async Task<Result<Found<RegisteredVersion>>> VersionsAsync(Caller caller, RegistrySearch search, CancellationToken cancellationToken)
    {
        var asked = Read(caller, search, FilterSchemas.ModelVersions, MostVersions);
        if (!asked.IsOk)
            return asked.Refusal;
        List<SortColumn> order = [.. asked.Value.Order.Select(Column)];
        if (order.Count == 0)
            order.Add(new SortColumn("v.updated_ms", false, Ascending: false));
        if (!order.Exists(column => column.IsText))
            order.Add(new SortColumn("m.name", true, Ascending: true));
        if (!order.Exists(column => column.Sql == "v.number"))
            order.Add(new SortColumn("v.number", false, Ascending: false));
        var sql = new FilterSql()
            .Text("SELECT m.id, v.number, m.name, v.updated_ms, v.created_ms FROM registry.model_versions v JOIN registry.registered_models m ON m.tenant_id = v.tenant_id AND m.id = v.model_id")
            .Text(" WHERE v.tenant_id = ").Value(caller.Tenant.Value).Text(" AND v.deleted_at IS NULL AND m.deleted_at IS NULL");
        if (!SearchPage.AsksForPrompts(asked.Value.Filter))
            sql.Text(" AND NOT ").Text(PromptModel).Text(" AND NOT ").Text(PromptVersions);
        var found = await FindAsync(caller, search, asked.Value, order, sql, new VersionColumns(), row => [.. order.Select(column => Key(column, row))], cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var ids = found.Value.Items.Select(row => new RegisteredModelId(row.Model)).Distinct().ToList();
        var numbers = found.Value.Items.Select(row => row.Number).Distinct().ToList();
        var rows = (await db.Versions.AsNoTracking().Where(row => ids.Contains(row.ModelId) && numbers.Contains(row.Number)).ToListAsync(cancellationToken))
            .ToDictionary(row => (row.ModelId.Value, row.Number));
        var versions = await db.VersionsAsync([.. found.Value.Items.Where(row => rows.ContainsKey((row.Model, row.Number))).Select(row => rows[(row.Model, row.Number)])], cancellationToken);
        return new Found<RegisteredVersion>(versions, found.Value.NextPageToken);
    }

    private Result<Asked> Read(Caller caller, RegistrySearch search, FilterSchema schema, int most)
    {
        if (search.MaxResults > most)
            return RegistryErrors.MaxResults(most, search.MaxResults);
        if (search.MaxResults < 1)
            return RegistryErrors.MaxResultsTooFew(search.MaxResults);
        var filter = SearchFilter.Parse(schema, search.Filter);
        if (filter.Filter is not { } tree)
            return filter.Faults[0].Refusal;
        var order = SearchOrder.Parse(schema, search.OrderBy);
        if (order.Fault is { } fault)
            return fault.Fault.Refusal;
        if (string.IsNullOrEmpty(search.PageToken))
            return new Asked(tree, order.Terms, null);
        return tokens.Read(caller.Tenant, search.Query(schema.Kind), search.PageToken) is { } last ? new Asked(tree, order.Terms, last) : RegistryErrors.PageToken();
    }

    private async Task<Result<Found<Row>>> FindAsync(
        Caller caller, RegistrySearch search, Asked asked, List<SortColumn> order, FilterSql sql, IFilterColumns columns, Func<Row, ImmutableArray<string?>> keys, CancellationToken cancellationToken)
    {
        SearchPage.Visible(sql, await permissions.VisibleScopesAsync(caller, cancellationToken));
        sql.Text(" AND ").Filter(asked.Filter, columns);
        if (asked.Last is { } last)
        {
            if (last.Length != order.Count)
                return RegistryErrors.PageToken();
            SearchPage.After(sql, order, last);
        }

        sql.Text(" ORDER BY ").Text(SearchPage.Order(order)).Text(" LIMIT ").Value(search.MaxResults + 1L);
        await using var db = databases.Open(caller.Tenant);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql.ToString(), (NpgsqlConnection)db.Database.GetDbConnection()) { CommandTimeout = (int)SearchFilter.Deadline.TotalSeconds * 10 };
        foreach (var parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        var rows = new List<Row>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(new Row(reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetInt64(3), reader.FieldCount > 4 ? reader.GetInt64(4) : 0));
        }

        if (rows.Count <= search.MaxResults)
            return new Found<Row>([.. rows], null);
        rows.RemoveAt(rows.Count - 1);
        var kind = columns is ModelColumns ? FilterSchemas.RegisteredModels.Kind : FilterSchemas.ModelVersions.Kind;
        return new Found<Row>([.. rows], tokens.Write(caller.Tenant, search.Query(kind), keys(rows[^1])));
    }

    private static SortColumn Column(OrderTerm term) => term.Key switch
    {
        "name" => new SortColumn("m.name", true, term.Ascending),
        "version_number" => new SortColumn("v.number", false, term.Ascending),
        "creation_timestamp" => new SortColumn("v.created_ms", false, term.Ascending),
        _ => new SortColumn("v.updated_ms", false, term.Ascending),
    };

    private static string Key(SortColumn column, Row row) => column.Sql switch
    {
        "m.name" => row.Name,
        "v.number" => SearchPage.Text(row.Number),
        "v.created_ms" => SearchPage.Text(row.Created),
        _ => SearchPage.Text(row.Updated),
    };

    private sealed record Asked(FilterNode Filter, ImmutableArray<OrderTerm> Order, ImmutableArray<string?>? Last);

    private sealed record Row(Guid Model, int Number, string Name, long Updated, long Created);

    private sealed class ModelColumns : IFilterColumns
    {
        public void Write(FilterTerm term, FilterSql sql)
        {
            if (SearchPage.IsAboutPrompts(term))
                sql.Compare($"(CASE WHEN {PromptModel} THEN 'true' ELSE 'false' END)", term);
            else if (term.Entity == FilterEntity.Tag)
                sql.Exists("registry.model_tags t WHERE t.tenant_id = m.tenant_id AND t.model_id = m.id", "t.key", "t.value", term);
            else
                sql.Compare("m.name", term);
        }
    }

    private sealed class VersionColumns : IFilterColumns
    {
        public void Write(FilterTerm term, FilterSql sql)
        {
            if (SearchPage.IsAboutPrompts(term))
                sql.Compare($"(CASE WHEN {PromptModel} OR {PromptVersions} THEN 'true' ELSE 'false' END)", term);
            else if (term.Entity == FilterEntity.Tag)
                sql.Exists("registry.version_tags t WHERE t.tenant_id = v.tenant_id AND t.model_id = v.model_id AND t.number = v.number", "t.key", "t.value", term);
            else
                sql.Compare(term.Key switch { "name" => "m.name", "version_number" => "v.number", "run_id" => "v.run_id", _ => "v.source" }, term);
        }
    }
}
