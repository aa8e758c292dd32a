using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Models.Ancestry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Registry;

/// <summary>A model with the sentences of what was refused.</summary>
/// <param name="Revision">Goes back as If-Match.</param>
/// <param name="Refused">By version number: why its file was refused.</param>
public sealed record ModelView(long Revision, Model Model, ImmutableSortedDictionary<int, RefusedFile> Refused)
{
    public static ModelView Of(Versioned<Model> model, RefusalTexts texts) => new(
        model.Version,
        model.State,
        model.State.Versions.Where(version => version.RefusedFor is not null)
            .ToImmutableSortedDictionary(version => version.Number, version => new RefusedFile(version.RefusedFor!.Code, texts.Sentence(version.RefusedFor)))); // filtered in the line above
}

public sealed record RefusedFile(string Code, string Detail);

/// <summary>Names and describes a model anew.</summary>
public sealed record ModelText(string Name, string? Description);

public sealed record ArchiveReason(string Reason);

/// <summary>Where a version comes from.</summary>
public sealed record VersionLineage(VersionRef? TrainedOn, string? Algorithm, ImmutableSortedDictionary<string, string>? Parameters, string? Commit);

/// <summary>The library's own predictions.</summary>
public sealed record PredictionsUpload(UploadId Upload, VersionRef Dataset);

/// <summary>Which version an alias points at.</summary>
public sealed record AliasTarget(int Version);

/// <summary><c>/api/v1/models</c>: models, versions, aliases.</summary>
internal static class RegistryEndpoints
{
    public static void MapRegistry(this RouteGroupBuilder models)
    {
        models.MapGet("", async (Caller caller, ProjectId? project, int? limit, string? cursor, ModelDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, project, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<ModelSummary>>().WithName("ListModels").WithSummary("The models of a project, or of all that you may see, by name.");
        models.MapPost("", async (Caller caller, NewModel request, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(caller, request, cancellationToken)).ToCreated(model => ModelView.Of(model, texts), model => $"/api/v1/models/{model.Id}"))
            .Produces<ModelView>(StatusCodes.Status201Created).WithName("CreateModel").WithSummary("Opens a name that versions can be uploaded under.");
        models.MapGet("{id}", async (Caller caller, ModelId id, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("GetModel").WithSummary("A model with its versions, their contracts, receipts and aliases.");
        models.MapPut("{id}", async (Caller caller, ModelId id, ModelText request, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new DescribeModel(request.Name, request.Description), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("DescribeModel").WithSummary("Renames a model or describes it anew.");
        models.MapPost("{id}/archive", async (Caller caller, ModelId id, ArchiveReason request, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new ArchiveModel(request.Reason), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("ArchiveModel").WithSummary("Takes a model out of lists and frees its name.");
        models.MapPost("{id}/restore", async (Caller caller, ModelId id, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RestoreModel(), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("RestoreModel").WithSummary("Brings an archived model back, if its name is still free.");
        MapVersions(models);
        MapAliases(models);
    }

    private static void MapVersions(RouteGroupBuilder models)
    {
        models.MapPost("{id}/versions", async (Caller caller, ModelId id, NewVersion request, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.UploadAsync(caller, id, request, cancellationToken)).ToCreated(model => ModelView.Of(model, texts), model => $"/api/v1/models/{id}/versions/{model.Versions.Length}"))
            .Produces<ModelView>(StatusCodes.Status201Created).WithName("UploadVersion").WithSummary("Takes a complete upload as the next version; a job admits it, its verdict appears on the version.");
        models.MapGet("{id}/versions/{number:int}", async (Caller caller, ModelId id, int number, ModelDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetVersionAsync(caller, id, number, cancellationToken)).Map(found => found.Version).ToHttp())
            .Produces<ModelVersion>().WithName("GetVersion").WithSummary("One version: state, signature, contract, receipt, lineage.");
        models.MapPost("{id}/versions/{number:int}/keep", async (Caller caller, ModelId id, int number, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, number, version => new KeepVersion(version), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("KeepVersion").WithSummary("Keeps a refused file as a version that the portal does not run; predictions made elsewhere are sent in.");
        models.MapGet("{id}/versions/{number:int}/lineage", async (Caller caller, ModelId id, int number, LineageDesk desk, CancellationToken cancellationToken) =>
            (await desk.OfVersionAsync(caller, id, number, cancellationToken)).ToHttp())
            .Produces<LineageGraph>().WithName("GetVersionLineage").WithSummary("What a version rests on: evaluations, data, files, problem, KPIs, as nodes and edges.");
        models.MapPut("{id}/versions/{number:int}/lineage", async (Caller caller, ModelId id, int number, VersionLineage request, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, number, version => new DescribeVersion(version, request.TrainedOn, request.Algorithm, request.Parameters, request.Commit), match.Version, cancellationToken))
            .ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("DescribeVersion").WithSummary("Training dataset version, algorithm, parameters and commit of a version.");
        models.MapPut("{id}/versions/{number:int}/predictions", async (Caller caller, ModelId id, int number, PredictionsUpload request, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.AddPredictionsAsync(caller, id, number, request.Upload, request.Dataset, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("AddPredictions").WithSummary("The library's own predictions (CSV), for the fidelity receipt.");
    }

    private static void MapAliases(RouteGroupBuilder models)
    {
        models.MapPut("{id}/aliases/{alias}", async (Caller caller, ModelId id, string alias, AliasTarget request, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, request.Version, version => new SetAlias(alias, version), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("SetAlias").WithSummary("Points an alias (champion, candidate, or one of yours) at a version.");
        models.MapDelete("{id}/aliases/{alias}", async (Caller caller, ModelId id, string alias, IfMatch match, ModelDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RemoveAlias(alias), match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("RemoveAlias").WithSummary("Takes an alias away.");
    }
}
