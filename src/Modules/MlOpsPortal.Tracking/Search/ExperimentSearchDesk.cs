using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <param name="Filter">See Filtering/README.md; null for all.</param>
/// <param name="Most">On a page, 1 to 50,000.</param>
/// <param name="Project">Only this project's; null for all that the caller sees.</param>
public sealed record SearchExperiments(
    string? Filter = null, ViewType View = ViewType.ActiveOnly, int Most = 1_000, ImmutableArray<string> OrderBy = default, string? PageToken = null, ProjectId? Project = null);

/// <param name="NextToken">Null on the last page.</param>
public sealed record ExperimentPage(ImmutableArray<Experiment> Experiments, string? NextToken);

/// <summary>Searches experiments, and says of a list of them how much is in each.</summary>
public sealed class ExperimentSearchDesk
{
    public const int MaxPage = 50_000;
    private static readonly Columns Answers = new();
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly IPermissions permissions;
    private readonly Places places;
    private readonly PageTokens tokens;

    internal ExperimentSearchDesk(ITenantDb<TrackingDbContext> databases, IPermissions permissions, Places places, PageTokens tokens) =>
        (this.databases, this.permissions, this.places, this.tokens) = (databases, permissions, places, tokens);

    public async Task<Result<ExperimentPage>> SearchAsync(Caller caller, SearchExperiments request, CancellationToken cancellationToken)
    {
        if (request.Most is < 1 or > MaxPage)
            return TrackingErrors.Range("max_results", request.Most.ToString(CultureInfo.InvariantCulture), $"between 1 and {MaxPage}");
        var filter = SearchFilter.Parse(FilterSchemas.Experiments, request.Filter);
        if (filter.Filter is null || !filter.Faults.IsEmpty)
            return filter.Faults[0].Refusal;
        var order = SearchOrder.Parse(FilterSchemas.Experiments, request.OrderBy.IsDefault ? [] : request.OrderBy);
        if (order.Fault is { } fault)
            return fault.Fault.Refusal;
        var query = $"experiments\n{request.View}\n{request.Project}\n{string.Join('\u0001', request.OrderBy.IsDefault ? [] : request.OrderBy)}\n{request.Filter}";
        ImmutableArray<string?>? after = null;
        if (request.PageToken is { Length: > 0 } token && (after = tokens.Read(caller.Tenant, query, token)) is null)
            return TrackingErrors.PageToken();

        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        await places.EnsureDefaultAsync(connection, caller, cancellationToken);
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        var sort = Sort(order.Terms);
        var sql = new FilterSql();
        sql.Text($"SELECT e.id, e.project_id, e.name, e.artifact_location, e.created_at, e.updated_at, e.deleted_at{sort.Columns} FROM tracking.experiments e WHERE ").Text(View(request.View));
        if (request.Project is not null)
            sql.Text(" AND e.project_id = @project");
        if (!visible.All)
            sql.Text(" AND e.project_id = ANY(@visible)");
        sql.Text(" AND ").Filter(filter.Filter, Answers);
        if (!sort.After(sql, after))
            return TrackingErrors.PageToken();
        sql.Text($" ORDER BY {sort.OrderBy} LIMIT {(request.Most + 1).ToString(CultureInfo.InvariantCulture)}");
        var (found, last) = await ReadAsync(connection, request, visible, sql, sort, cancellationToken);
        return new ExperimentPage(await WithTagsAsync(connection, found, cancellationToken), last is { } keys ? tokens.Write(caller.Tenant, query, keys) : null);
    }

    /// <summary>How many runs that are not deleted an experiment has, and when the last of them began (milliseconds since 1970).</summary>
    public async Task<ImmutableDictionary<ExperimentId, ExperimentSize>> SizesAsync(Caller caller, IReadOnlyCollection<ExperimentId> experiments, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        await using var count = connection.Sql(
            $"""
            SELECT e.id, e.project_id,
                (SELECT count(*) FROM (SELECT 1 FROM tracking.runs r WHERE r.experiment_no = e.no AND r.deleted_at IS NULL LIMIT {ExperimentSize.Most + 1}) counted),
                (SELECT r.start_time FROM tracking.runs r WHERE r.experiment_no = e.no AND r.deleted_at IS NULL ORDER BY r.start_time DESC LIMIT 1)
            FROM tracking.experiments e WHERE e.id = ANY($1)
            """, experiments.Select(id => id.Value).ToArray());
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        var sizes = ImmutableDictionary.CreateBuilder<ExperimentId, ExperimentSize>();
        while (await reader.ReadAsync(cancellationToken))
            if (visible.Contains(new(reader.GetGuid(1))))
                sizes[new(reader.GetGuid(0))] = new ExperimentSize((int)reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
        return sizes.ToImmutable();
    }

    private static async Task<(List<Experiment> Found, ImmutableArray<string?>? Last)> ReadAsync(
        NpgsqlConnection connection, SearchExperiments request, VisibleScopes visible, FilterSql sql, SortKeys sort, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql.ToString(), connection);
        command.Parameters.Add(new NpgsqlParameter("project", request.Project?.Value ?? Guid.Empty));
        command.Parameters.Add(new NpgsqlParameter("visible", visible.Scopes.ToArray()));
        foreach (var parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Experiment>();
        ImmutableArray<string?>? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (found.Count == request.Most)
                return (found, last);
            found.Add(new Experiment(
                new(reader.GetGuid(0)), new(reader.GetGuid(1)), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5),
                reader.TimeOrNull(6), []));
            if (found.Count == request.Most)
                last = sort.Read(reader, 7);
        }

        return (found, null);
    }

    private static async Task<ImmutableArray<Experiment>> WithTagsAsync(NpgsqlConnection connection, List<Experiment> found, CancellationToken cancellationToken)
    {
        await using var read = connection.Sql("SELECT experiment_id, key, value FROM tracking.experiment_tags WHERE experiment_id = ANY($1) ORDER BY key", found.Select(experiment => experiment.Id.Value).ToArray());
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var tags = new List<(ExperimentId Id, KeyValuePair<string, string> Tag)>();
        while (await reader.ReadAsync(cancellationToken))
            tags.Add((new(reader.GetGuid(0)), KeyValuePair.Create(reader.GetString(1), reader.GetString(2))));
        var byId = tags.ToLookup(tag => tag.Id, tag => tag.Tag);
        return [.. found.Select(experiment => experiment with { Tags = [.. byId[experiment.Id]] })];
    }

    private static SortKeys Sort(ImmutableArray<OrderTerm> order)
    {
        var sorted = order.Select(term => new SortKey(Columns.Of(term.Key), term.Type, term.Ascending, CanMiss: false)).ToList();
        if (order.IsEmpty)
            sorted.Add(new SortKey(Columns.Of("creation_time"), FilterType.Whole, Ascending: false, CanMiss: false));
        if (!order.Any(term => term.Key == "experiment_id"))
            sorted.Add(new SortKey(Columns.Of("experiment_id"), FilterType.Text, Ascending: false, CanMiss: false));
        return new SortKeys([.. sorted]);
    }

    private static string View(ViewType view) => view switch
    {
        ViewType.ActiveOnly => "e.deleted_at IS NULL",
        ViewType.DeletedOnly => "e.deleted_at IS NOT NULL",
        ViewType.All => "TRUE",
        _ => throw new InvalidOperationException($"There is no view {view}."),
    };

    private sealed class Columns : IFilterColumns
    {
        public static string Of(string key) => key switch
        {
            "name" => "e.name",
            "experiment_id" => $"(CASE WHEN e.id = '{ExperimentId.Default.Value:d}' THEN '0' ELSE replace(e.id::text, '-', '') END COLLATE \"C\")",
            "creation_time" => "floor(extract(epoch FROM e.created_at) * 1000)::bigint",
            "last_update_time" => "floor(extract(epoch FROM e.updated_at) * 1000)::bigint",
            _ => throw new InvalidOperationException($"An experiment has no attribute {key}."),
        };

        public void Write(FilterTerm term, FilterSql sql)
        {
            if (term.Entity == FilterEntity.Tag)
                sql.Exists("tracking.experiment_tags t WHERE t.tenant_id = e.tenant_id AND t.experiment_id = e.id", "t.key", "t.value", term);
            else
                sql.Compare(Of(term.Key), term);
        }
    }
}

/// <param name="Runs">Not deleted; counted up to <see cref="Most"/>.</param>
/// <param name="LastStart">When the newest of them began; null without runs.</param>
public sealed record ExperimentSize(int Runs, long? LastStart)
{
    public const int Most = 10_000;

    public bool IsMore => Runs > Most;
}
