using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Uploads;

/// <summary><c>/api/v1/uploads</c>: announce, put blocks, look what arrived, complete.</summary>
public static class UploadEndpoints
{
    public static void MapUploadEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var uploads = endpoints.MapGroup("/api/v1/uploads").WithTags("Uploads");
        uploads.MapPost("", async (Caller caller, BeginUpload request, UploadDesk desk, CancellationToken cancellationToken) =>
            (await desk.BeginAsync(caller, request, cancellationToken)).ToCreated(upload => $"/api/v1/uploads/{upload.Id}"))
            .Produces<UploadView>(StatusCodes.Status201Created).WithName("BeginUpload").WithSummary("Announces a file by name, length and SHA-256.");
        uploads.MapGet("{id}", async (Caller caller, UploadId id, UploadDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<UploadView>().WithName("GetUpload").WithSummary("Which blocks have arrived: what a client asks before it goes on after a fault.");
        uploads.MapPut("{id}/blocks/{number:int}", async (Caller caller, UploadId id, int number, HttpRequest request, UploadDesk desk, CancellationToken cancellationToken) =>
            (await desk.PutBlockAsync(caller, id, number, request.Headers["X-Content-SHA256"].ToString(), request.Body, cancellationToken)).ToHttp())
            .Accepts<byte[]>("application/octet-stream").Produces<UploadView>().WithMetadata(new BlockSizeLimit())
            .WithName("PutUploadBlock").WithSummary("One block of 8 MiB (the last may be shorter), its SHA-256 in X-Content-SHA256. Sending it again is harmless.");
        uploads.MapPost("{id}/complete", async (Caller caller, UploadId id, UploadDesk desk, CancellationToken cancellationToken) =>
            (await desk.CompleteAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<UploadView>().WithName("CompleteUpload").WithSummary("Puts the blocks together and checks length and SHA-256 of the whole.");
    }

    private sealed class BlockSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => UploadDesk.BlockSize + 1024;
    }
}
