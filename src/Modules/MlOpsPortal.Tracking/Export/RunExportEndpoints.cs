using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Export;

/// <summary>Runs as a file.</summary>
internal static class RunExportEndpoints
{
    public static void MapRunExport(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/experiments/{id}/runs.csv", async (Caller caller, string id, string? filter, string? order, bool? deleted, string? columns, RunExport export, CancellationToken cancellationToken) =>
            Csv(await export.ReadAsync(caller, id, filter, order, deleted is true, cancellationToken), RunExport.Columns(columns)))
            .WithTags("Experiments").Produces<string>(StatusCodes.Status200OK, "text/csv").WithName("ExportRuns")
            .WithSummary("All runs that a search finds as CSV, with texts escaped against formulas. Columns as a search writes them, separated by commas: metrics.auc,params.lr,start_time.");

    private static IResult Csv(Result<IAsyncEnumerable<Run>> runs, ImmutableArray<string> columns) => runs.IsOk
        ? Results.Stream(stream => RunCsv.WriteAsync(stream, columns, runs.Value, CancellationToken.None), "text/csv; charset=utf-8", "runs.csv")
        : runs.ToHttp();
}
