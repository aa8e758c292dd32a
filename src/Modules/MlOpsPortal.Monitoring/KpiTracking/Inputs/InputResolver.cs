using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.KpiTracking.Sql;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Monitoring.KpiTracking.Inputs;

/// <summary>Finds what stands behind the names of a measurement, as somebody: what she may not see is not there, and a query shows rows, so she must be allowed to.</summary>
internal sealed class InputResolver(DatasetDesk datasets, IDatasetCatalog catalog, DeploymentDesk deployments, IPermissions permissions)
{
    public async Task<Result<ImmutableArray<ResolvedInput>>> ResolveAsync(Caller caller, MeasurementSpec spec, CancellationToken cancellationToken)
    {
        var resolved = ImmutableArray.CreateBuilder<ResolvedInput>(spec.Inputs.Length);
        foreach (var input in spec.Inputs)
        {
            var found = input.Dataset is { } dataset
                ? await DatasetAsync(caller, input, dataset, cancellationToken)
                : await EndpointAsync(caller, input, input.Endpoint!.Value, cancellationToken); // one of both, by the rules
            if (!found.IsOk)
                return caller.IsPortal && found.Refusal is NotFound ? KpiErrors.InputGone(input.Name) : found.Refusal;
            resolved.Add(found.Value);
        }

        return resolved.ToImmutable();
    }

    private async Task<Result<ResolvedInput>> DatasetAsync(Caller caller, MeasurementInput input, DatasetId id, CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(caller, id, cancellationToken);
        if (!dataset.IsOk)
            return dataset.Refusal;
        var allowed = await permissions.DemandAsync(caller, dataset.Value.State.Project.Scope, DatasetsPermissions.SeeRows, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if ((input.Version ?? dataset.Value.State.LatestReady?.Number) is not { } number)
            return KpiErrors.NoReadyVersion(input.Name);
        var facts = await catalog.FindAsync(caller, new VersionRef(id, number), cancellationToken);
        if (!facts.IsOk)
            return facts.Refusal;
        ImmutableArray<StagedColumn> columns = [.. facts.Value.Columns.Select(column => new StagedColumn(column.Name, Sql(column.Type)))];
        if (input.DateColumn is { } when && !columns.Any(column => column.Name == when && (column.Type is "DATE" or "TIMESTAMP")))
            return KpiErrors.DateColumn(input.Name, when);
        return new ResolvedInput(input, dataset.Value.State.Name, facts.Value.Version, null, columns);
    }

    private async Task<Result<ResolvedInput>> EndpointAsync(Caller caller, MeasurementInput input, DeploymentId id, CancellationToken cancellationToken)
    {
        var endpoint = await deployments.GetAsync(caller, id, cancellationToken);
        if (!endpoint.IsOk)
            return endpoint.Refusal;
        var allowed = await permissions.DemandAsync(caller, endpoint.Value.State.Project.Scope, DatasetsPermissions.SeeRows, cancellationToken);
        return allowed.IsOk
            ? new ResolvedInput(input, endpoint.Value.State.Name, null, endpoint.Value.State, PredictionsInput.Columns(endpoint.Value.State))
            : allowed.Refusal;
    }

    private static string Sql(ColumnType type) => type switch
    {
        ColumnType.Integer => "BIGINT",
        ColumnType.Number => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Text => "VARCHAR",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A type without a word in SQL."),
    };
}
