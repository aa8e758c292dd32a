using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets;

/// <summary>A dataset as the API shows it.</summary>
public sealed record DatasetView(long Version, Dataset Dataset);

/// <summary><c>/api/v1/datasets</c>, <c>/api/v1/projects/{id}/datasets</c>, <c>/api/v1/uploads/{id}/detect</c>.</summary>
internal static class DatasetEndpoints
{
    private const string Route = "/api/v1/datasets";
    private const string ParquetType = "application/vnd.apache.parquet";

    public sealed record Reason(string Text);

    public sealed record RoleRequest(DatasetRole Role, string? Target, VersionRef? Training);

    public sealed record SplitRequest(SplitPlan Plan, string? Target);

    public static void MapDatasets(this IEndpointRouteBuilder endpoints)
    {
        var datasets = endpoints.MapGroup("/api/v1").WithTags("Datasets");
        datasets.MapPost("uploads/{id}/detect", async (Caller caller, UploadId id, ReadOptions options, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.DetectAsync(caller, id, options, cancellationToken)).ToHttp())
            .Produces<Detection>().WithName("DetectUpload").WithSummary("What the portal takes an uploaded file for: format, delimiter, encoding, types, first rows. Send corrections and look again; nothing is kept.");
        datasets.MapGet("projects/{id}/datasets", async (Caller caller, ProjectId id, DatasetList list, CancellationToken cancellationToken, int? limit = null, string? cursor = null, bool archived = false) =>
            (await list.ListAsync(caller, id, PageRequest.Of(limit, cursor), archived, cancellationToken)).ToHttp())
            .Produces<Page<DatasetSummary>>().WithName("ListDatasets").WithSummary("A project's datasets, by name.");
        datasets.MapPost("projects/{id}/datasets", async (Caller caller, ProjectId id, NewDataset request, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(caller, id, request, cancellationToken)).ToCreated(View, dataset => $"{Route}/{dataset.Id}"))
            .Produces<DatasetView>(StatusCodes.Status201Created).WithName("CreateDataset").WithSummary("Starts a dataset, with an uploaded file as its first version; a job reads it.");

        datasets.MapGet("datasets/{id}", async (Caller caller, DatasetId id, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName("GetDataset").WithSummary("A dataset with its versions and expectations.");
        Command<DescribeDataset>(datasets.MapPut, "datasets/{id}", "DescribeDataset", "Changes name and description.");
        Command<ArchiveDataset>(datasets.MapPost, "datasets/{id}/archive", "ArchiveDataset", "Puts a dataset away; it stays readable.");
        datasets.MapPost("datasets/{id}/restore", async (Caller caller, DatasetId id, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RestoreDataset(), match.Version, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName("RestoreDataset").WithSummary("Brings an archived dataset back, if its name is still free.");
        Command<SetExpectations>(datasets.MapPut, "datasets/{id}/expectations", "SetExpectations", "Replaces the expectations and has the latest version checked.");
        MapVersions(datasets);
    }

    private static void MapVersions(RouteGroupBuilder datasets)
    {
        datasets.MapPost("datasets/{id}/versions", async (Caller caller, DatasetId id, NewVersion request, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.AddVersionAsync(caller, id, request, match.Version, cancellationToken)).ToCreated(View, dataset => $"{Route}/{dataset.Id}/versions/{dataset.Versions.Length}"))
            .Produces<DatasetView>(StatusCodes.Status201Created).WithName("AddDatasetVersion").WithSummary("Adds an uploaded file as the next version; a job reads it.");
        datasets.MapGet("datasets/{id}/versions/{number:int}", async (Caller caller, DatasetId id, int number, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetVersionAsync(caller, id, number, cancellationToken)).ToHttp())
            .Produces<VersionDetail>().WithName("GetDatasetVersion").WithSummary("A version with schema, profile and quality.");
        datasets.MapGet("datasets/{id}/versions/{number:int}/rows", async (Caller caller, DatasetId id, int number, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.RowsAsync(caller, id, number, cancellationToken)).ToHttp())
            .Produces<RowsView>().WithName("GetDatasetRows").WithSummary("The first hundred rows.");
        datasets.MapGet("datasets/{id}/versions/{number:int}/suggestions", async (Caller caller, DatasetId id, int number, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.SuggestAsync(caller, id, number, cancellationToken)).ToHttp())
            .Produces<ImmutableArray<Expectation>>().WithName("SuggestExpectations").WithSummary("Expectations that the version's profile suggests; nothing is saved.");
        datasets.MapGet("datasets/{id}/versions/{number:int}/data", async (Caller caller, DatasetId id, int number, DatasetDesk desk, HttpContext context, CancellationToken cancellationToken, FileFormat format = FileFormat.Parquet) =>
            Download(context, await desk.OpenAsync(caller, id, number, format, cancellationToken)))
            .WithName("DownloadDatasetVersion").WithSummary("The data, as Parquet or (format=csv) as CSV with texts escaped against formulas.");
        Delegate parquet = async (Caller caller, DatasetId id, int number, DatasetDesk desk, HttpContext context, CancellationToken cancellationToken) =>
            Parquet(context, await desk.OpenAsync(caller, id, number, FileFormat.Parquet, cancellationToken));
        datasets.MapGet("datasets/{id}/versions/{number:int}/data.parquet", parquet)
            .Produces(StatusCodes.Status200OK, contentType: ParquetType).WithName("ReadDatasetVersion").WithSummary("The data as Parquet, for notebooks: by range where asked, its SHA-256 as ETag.");
        datasets.MapMethods("datasets/{id}/versions/{number:int}/data.parquet", [HttpMethods.Head], parquet).ExcludeFromDescription();
        datasets.MapPost("datasets/{id}/versions/{number:int}/role", async (Caller caller, DatasetId id, int number, RoleRequest request, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new DeclareRole(number, request.Role, request.Target, request.Training), match.Version, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName("DeclareRole").WithSummary("Says what a version is for, once. A test version is compared with its training version.");
        datasets.MapPost("datasets/{id}/versions/{number:int}/check", async (Caller caller, DatasetId id, int number, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new CheckVersion(number), match.Version, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName("CheckDatasetVersion").WithSummary("Has a version checked against the expectations as they are now.");
        datasets.MapPost("datasets/{id}/versions/{number:int}/split", async (Caller caller, DatasetId id, int number, SplitRequest request, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.SplitAsync(caller, id, number, request.Plan, request.Target, match.Version, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName("SplitDatasetVersion").WithSummary("Makes training, validation and test versions of one version; the same for the same seed.");
    }

    /// <summary>The bytes of a version never change, so that their hash names them.</summary>
    private static IResult Parquet(HttpContext context, Result<VersionFile> opened)
    {
        if (!opened.IsOk)
            return opened.ToHttp();
        var file = opened.Value;
        context.Response.RegisterForDisposeAsync(file);
        return TypedResults.Stream(file.Content, ParquetType, file.Name, lastModified: null, file.Sha256 is null ? null : new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }

    private static IResult Download(HttpContext context, Result<VersionFile> opened)
    {
        if (!opened.IsOk)
            return opened.ToHttp();
        var file = opened.Value;
        context.Response.RegisterForDisposeAsync(file);
        return TypedResults.Stream(file.Content, file.Format == FileFormat.Csv ? "text/csv; charset=utf-8" : ParquetType, file.Name);
    }

    private static void Command<TCommand>(Func<string, Delegate, RouteHandlerBuilder> map, string route, string name, string summary)
        where TCommand : DatasetCommand =>
        map(route, async (Caller caller, DatasetId id, TCommand command, IfMatch match, DatasetDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, command, match.Version, cancellationToken)).ToHttp(View))
            .Produces<DatasetView>().WithName(name).WithSummary(summary);

    private static DatasetView View(Versioned<Dataset> dataset) => new(dataset.Version, dataset.State);
}
