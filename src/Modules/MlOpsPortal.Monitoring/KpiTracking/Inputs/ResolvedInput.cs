using System.Collections.Immutable;
using MlOpsPortal.Datasets;
using MlOpsPortal.Deployments;
using MlOpsPortal.Monitoring.KpiTracking.Sql;

namespace MlOpsPortal.Monitoring.KpiTracking.Inputs;

/// <summary>An input with what stands behind its name now: a version of a dataset, or an endpoint.</summary>
internal sealed record ResolvedInput(MeasurementInput Input, string SourceName, VersionRef? Version, Deployment? Endpoint, ImmutableArray<StagedColumn> Columns)
{
    /// <summary>What the SQL filters by period.</summary>
    public string? DateColumn => Endpoint is null ? Input.DateColumn : PredictionsInput.When;

    public StagedInput WithoutRows => new(Input.Name, null, Csv: false, Columns, DateColumn);
}
