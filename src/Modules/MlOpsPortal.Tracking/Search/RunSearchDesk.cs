using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.Runs;
using Npgsql;

namespace MlOpsPortal.Tracking.Search;

/// <param name="Experiments">Ids as the caller wrote them; those that she does not see have no runs.</param>
/// <param name="Filter">See Filtering/README.md; null for all.</param>
/// <param name="OrderBy">Then by start, newest first, and by id.</param>
/// <param name="Most">Runs on a page, 1 to 50,000.</param>
public sealed record SearchRuns(
    ImmutableArray<string> Experiments, string? Filter = null, ViewType View = ViewType.ActiveOnly, int Most = 1_000, ImmutableArray<string> OrderBy = default, string? PageToken = null);

/// <param name="NextToken">Null on the last page.</param>
public sealed record RunPage(ImmutableArray<Run> Runs, string? NextToken);

/// <summary>Searches runs.</summary>
public sealed class RunSearchDesk
{
    public const int MaxPage = 50_000;
    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly IPermissions permissions;
    private readonly Places places;
    private readonly KeyBook keys;
    private readonly PageTokens tokens;

    internal RunSearchDesk(ITenantDb<TrackingDbContext> databases, IPermissions permissions, Places places, KeyBook keys, PageTokens tokens) =>
        (this.databases, this.permissions, this.places, this.keys, this.tokens) = (databases, permissions, places, keys, tokens);

    public async Task<Result<RunPage>> SearchAsync(Caller caller, SearchRuns request, CancellationToken cancellationToken)
    {
        if (request.Most is < 1 or > MaxPage)
            return TrackingErrors.Range("max_results", request.Most.ToString(CultureInfo.InvariantCulture), $"between 1 and {MaxPage}");
        var filter = SearchFilter.Parse(FilterSchemas.Runs, request.Filter);
        if (filter.Filter is null || !filter.Faults.IsEmpty)
            return filter.Faults[0].Refusal;
        var order = SearchOrder.Parse(FilterSchemas.Runs, request.OrderBy.IsDefault ? [] : request.OrderBy);
        if (order.Fault is { } fault)
            return fault.Fault.Refusal;
        if (request.Experiments.Select(TrackingErrors.NoExperimentId).FirstOrDefault(wrong => wrong is not null) is { } malformed)
            return malformed;
        var query = $"runs\n{string.Join(',', request.Experiments)}\n{request.View}\n{string.Join('\u0001', request.OrderBy.IsDefault ? [] : request.OrderBy)}\n{request.Filter}";
        ImmutableArray<string?>? after = null;
        if (request.PageToken is { Length: > 0 } token && (after = tokens.Read(caller.Tenant, query, token)) is null)
            return TrackingErrors.PageToken();

        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var experiments = await ExperimentsAsync(connection, caller, request, cancellationToken);
        if (experiments.Count == 0)
            return new RunPage([], null);
        var numbers = await KeysAsync(connection, caller, filter.Filter, order.Terms, cancellationToken);
        var search = new RunSearch(filter.Filter, order.Terms, numbers, experiments, request.View, request.Most, after);
        var found = await search.FindAsync(connection, caller.Tenant, cancellationToken);
        if (found is null)
            return TrackingErrors.PageToken();
        var runs = ImmutableArray.CreateBuilder<Run>(found.Numbers.Length);
        foreach (var part in found.Numbers.Chunk(1_000))
            runs.AddRange(await RunReader.ReadAsync(connection, keys, part, cancellationToken));
        return new RunPage(runs.ToImmutable(), found.Last is { } last ? tokens.Write(caller.Tenant, query, last) : null);
    }

    /// <summary>How many runs a search finds, counted to <see cref="SearchRuns.Most"/> and no further.</summary>
    public async Task<Result<int>> CountAsync(Caller caller, SearchRuns request, CancellationToken cancellationToken)
    {
        if (request.Most is < 1 or > MaxPage)
            return TrackingErrors.Range("max_results", request.Most.ToString(CultureInfo.InvariantCulture), $"between 1 and {MaxPage}");
        var filter = SearchFilter.Parse(FilterSchemas.Runs, request.Filter);
        if (filter.Filter is null || !filter.Faults.IsEmpty)
            return filter.Faults[0].Refusal;
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var experiments = await ExperimentsAsync(connection, caller, request, cancellationToken);
        if (experiments.Count == 0)
            return 0;
        var numbers = await KeysAsync(connection, caller, filter.Filter, [], cancellationToken);
        return (await new RunSearch(filter.Filter, [], numbers, experiments, request.View, request.Most, null).FindAsync(connection, caller.Tenant, cancellationToken))?.Numbers.Length ?? 0;
    }

    /// <summary>The experiments that the caller sees, and whether each is deleted.</summary>
    private async Task<Dictionary<int, bool>> ExperimentsAsync(NpgsqlConnection connection, Caller caller, SearchRuns request, CancellationToken cancellationToken)
    {
        var ids = request.Experiments.Select(ExperimentId.Parse).ToArray();
        if (ids.Contains(ExperimentId.Default))
            await places.EnsureDefaultAsync(connection, caller, cancellationToken);
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var find = connection.Sql("SELECT no, project_id, deleted_at IS NOT NULL FROM tracking.experiments WHERE id = ANY($1)", ids.Select(id => id.Value).ToArray());
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<int, bool>();
        while (await reader.ReadAsync(cancellationToken))
            if (visible.Contains(new(reader.GetGuid(1))) && !(request.View == ViewType.ActiveOnly && reader.GetBoolean(2)))
                found[reader.GetInt32(0)] = reader.GetBoolean(2);
        return found;
    }

    private async Task<Dictionary<string, int>> KeysAsync(NpgsqlConnection connection, Caller caller, FilterNode filter, ImmutableArray<OrderTerm> order, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = filter.Terms.Where(term => term.Entity is FilterEntity.Metric or FilterEntity.Param or FilterEntity.Tag).Select(term => term.Key)
            .Concat(order.Where(term => term.Entity != FilterEntity.Attribute).Select(term => term.Key)).Append(RunDesk.NameTag).Distinct(StringComparer.Ordinal);
        foreach (var name in names)
            if (await keys.FindAsync(connection, caller.Tenant, name, cancellationToken) is { } number)
                numbers[name] = number;
        return numbers;
    }
}
