using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Filtering;
using Npgsql;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>Finds logged models. Pages are keyset: a token holds the last row's sort keys and is good for this query alone.</summary>
public sealed class LoggedModelSearch
{
    public const int DefaultResults = 50;
    public const int MostResults = 50_000;
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly IPermissions permissions;
    private readonly PageTokens tokens;

    internal LoggedModelSearch(ITenantDb<TrackingDbContext> databases, IPermissions permissions, PageTokens tokens) => (this.databases, this.permissions, this.tokens) = (databases, permissions, tokens);

    /// <summary>Experiments that are not there, or not for the caller's eyes, hold nothing.</summary>
    public async Task<Result<LoggedModelPage>> SearchAsync(Caller caller, SearchLoggedModels request, CancellationToken cancellationToken)
    {
        var parsed = SearchFilter.Parse(FilterSchemas.LoggedModels, request.Filter);
        if (parsed.Filter is not { } filter)
            return parsed.Faults[0].Refusal;
        if (request.Datasets.Any(dataset => dataset.Name.Length == 0))
            return LoggedModelErrors.DatasetName();
        var order = LoggedModelSort.Of(request.OrderBy);
        if (!order.IsOk)
            return order.Refusal;
        var limit = request.MaxResults is null or 0 ? DefaultResults : request.MaxResults.Value;
        if (limit is < 0 or > MostResults)
            return LoggedModelErrors.MaxResults(limit, MostResults);
        var query = JsonSerializer.Serialize(new { request.Experiments, request.Filter, request.Datasets, request.OrderBy });
        ImmutableArray<string?>? after = null;
        if (!string.IsNullOrEmpty(request.PageToken))
        {
            after = tokens.Read(caller.Tenant, query, request.PageToken);
            if (after is null || after.Value.Length != order.Value.Keys.Length)
                return LoggedModelErrors.Token();
        }

        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var sql = Statement(request, filter, order.Value, after, visible, (int)limit);
        var (ids, last) = await RunAsync(db, caller, sql, order.Value, (int)limit, cancellationToken);
        var models = await LoggedModelReader.ReadAsync(db, ids, cancellationToken);
        return new LoggedModelPage(models, last is null ? null : tokens.Write(caller.Tenant, query, last.Value));
    }

    private static FilterSql Statement(SearchLoggedModels request, FilterNode filter, LoggedModelSort sort, ImmutableArray<string?>? after, VisibleScopes visible, int limit)
    {
        var sql = new FilterSql().Text("SELECT * FROM (SELECT model.id");
        for (var key = 0; key < sort.Keys.Length; key++)
            sort.Keys[key].Write(sql.Text(", "), $" AS k{key.ToString(CultureInfo.InvariantCulture)}");
        sql.Text(
            """
             FROM tracking.logged_models model JOIN tracking.experiments experiment ON experiment.tenant_id = model.tenant_id AND experiment.id = model.experiment_id
            WHERE model.tenant_id = @tenant AND model.deleted_at IS NULL AND model.experiment_id = ANY(
            """).Values([.. request.Experiments.Select(id => ExperimentId.Parse(id).Value.ToString("d"))]).Text("::uuid[])");
        if (!visible.All)
            sql.Text(" AND experiment.project_id = ANY(").Values([.. visible.Scopes.Select(scope => scope.ToString("d"))]).Text("::uuid[])");
        sql.Text(" AND ").Filter(filter, new LoggedModelColumns(request.Datasets));
        if (!request.Datasets.IsEmpty && filter.Terms.All(term => term.Entity != FilterEntity.Metric))
            LoggedModelColumns.OnDatasets(sql.Text(" AND EXISTS (SELECT 1 FROM tracking.logged_model_metrics metric WHERE metric.tenant_id = model.tenant_id AND metric.model_id = model.id"), request.Datasets).Text(")");
        sql.Text(") AS found");
        if (after is not null)
            sort.WriteAfter(sql.Text(" WHERE "), after.Value);
        sql.Text(" ORDER BY ");
        for (var key = 0; key < sort.Keys.Length; key++)
            sql.Text(key == 0 ? "" : ", ").Text(Key(key)).Text(sort.Keys[key].Ascending ? " ASC" : " DESC");
        return sql.Text(" LIMIT ").Value(limit + 1L);
    }

    private static async Task<(ImmutableArray<LoggedModelId> Ids, ImmutableArray<string?>? Last)> RunAsync(
        TrackingDbContext db, Caller caller, FilterSql sql, LoggedModelSort sort, int limit, CancellationToken cancellationToken)
    {
        var connection = await db.ConnectAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql.ToString(), connection) { CommandTimeout = (int)Math.Ceiling(SearchFilter.Deadline.TotalSeconds) * 10 };
        command.Parameters.Add(new NpgsqlParameter("tenant", caller.Tenant.Value));
        command.Parameters.AddRange(sql.Parameters.ToArray());
        var ids = ImmutableArray.CreateBuilder<LoggedModelId>();
        ImmutableArray<string?>? last = null;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (ids.Count == limit)
                return (ids.ToImmutable(), last);
            ids.Add(new LoggedModelId(reader.GetGuid(0)));
            if (ids.Count == limit)
                last = [.. sort.Keys.Select((key, at) => key.Read(reader, at + 1))];
        }

        return (ids.ToImmutable(), null);
    }

    internal static string Key(int number) => "found.k" + number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the columns of logged models answer a comparison.</summary>
/// <param name="datasets">Metrics count only on these, when there are any.</param>
internal sealed class LoggedModelColumns(ImmutableArray<DatasetFilter> datasets) : IFilterColumns
{
    private const string Mine = ".tenant_id = model.tenant_id AND ";

    /// <summary>As MLflow spells a status in searches.</summary>
    public const string Status = "CASE model.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'UNSPECIFIED' END";

    public const string Id = "('m-' || replace(model.id::text, '-', ''))";

    /// <summary>The default experiment's wire id is 0.</summary>
    public static readonly string Experiment = $"(CASE WHEN model.experiment_id = '{ExperimentId.Default.Value:d}' THEN '0' ELSE replace(model.experiment_id::text, '-', '') END)";

    public void Write(FilterTerm term, FilterSql sql)
    {
        switch (term.Entity)
        {
            case FilterEntity.Attribute:
                sql.Compare(Attribute(term.Key), term);
                break;
            case FilterEntity.Param:
                sql.Exists($"tracking.logged_model_params param WHERE param{Mine}param.model_id = model.id", "param.key", "param.value", term);
                break;
            case FilterEntity.Tag:
                sql.Exists($"tracking.logged_model_tags tag WHERE tag{Mine}tag.model_id = model.id", "tag.key", "tag.value", term);
                break;
            case FilterEntity.Metric:
                WriteMetric(term, sql);
                break;
            default:
                throw new InvalidOperationException($"Logged models have no {term.Entity}.");
        }
    }

    public static string Attribute(string key) => key switch
    {
        "name" => "model.name",
        "model_id" => Id,
        "model_type" => "model.model_type",
        "status" => Status,
        "source_run_id" => "model.source_run_id",
        "experiment_id" => Experiment,
        "artifact_location" => $"(experiment.artifact_location || '/models/' || {Id} || '/artifacts')",
        "status_message" => "model.status_message",
        "creation_timestamp_ms" => "model.created_ms",
        "last_updated_timestamp_ms" => "model.updated_ms",
        _ => throw new InvalidOperationException($"Logged models have no attribute {key}."),
    };

    /// <summary>The points of one metric of the model in hand, on the datasets that are asked for.</summary>
    public static FilterSql OnDatasets(FilterSql sql, ImmutableArray<DatasetFilter> datasets)
    {
        if (datasets.IsEmpty)
            return sql;
        sql.Text(" AND (");
        for (var at = 0; at < datasets.Length; at++)
        {
            sql.Text(at == 0 ? "(" : " OR (").Text("metric.dataset_name = ").Value(datasets[at].Name);
            if (datasets[at].Digest is { } digest)
                sql.Text(" AND metric.dataset_digest = ").Value(digest);
            sql.Text(")");
        }

        return sql.Text(")");
    }

    /// <summary>Any point counts, as in MLflow.</summary>
    private void WriteMetric(FilterTerm term, FilterSql sql)
    {
        sql.Text(term.Operator == FilterOperator.IsNull ? "NOT EXISTS (" : "EXISTS (").Text("SELECT 1 FROM tracking.logged_model_metrics metric WHERE metric.tenant_id = model.tenant_id AND metric.model_id = model.id AND metric.key = ").Value(term.Key);
        OnDatasets(sql, datasets);
        if (term.Operator is not (FilterOperator.IsNull or FilterOperator.IsNotNull))
            sql.Text(" AND ").Compare("metric.value", term);
        sql.Text(")");
    }
}
