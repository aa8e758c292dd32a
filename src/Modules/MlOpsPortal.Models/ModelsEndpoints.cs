using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Comparison;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Models.Fidelity;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models;

/// <summary>A comment under a decision.</summary>
public sealed record ReleaseComment(string Comment);

/// <summary>A list that is whole.</summary>
public sealed record ListOf<T>(ImmutableArray<T> Items);

/// <summary>Contracts, evaluations, comparisons, releases and the fidelity rule over REST.</summary>
internal static class ModelsEndpoints
{
    public static void MapContracts(this RouteGroupBuilder models)
    {
        models.MapGet("{id}/versions/{number:int}/contract/proposal", async (Caller caller, ModelId id, int number, DatasetId? dataset, int? datasetVersion, ContractDesk desk, CancellationToken cancellationToken) =>
            (await desk.ProposeAsync(caller, id, number, dataset is { } known ? new VersionRef(known, datasetVersion ?? 1) : null, cancellationToken)).ToHttp())
            .Produces<ProposalView>().WithName("ProposeContract").WithSummary("A contract as far as file and dataset version tell it, with remarks on what was assumed.");
        models.MapPut("{id}/versions/{number:int}/contract", async (Caller caller, ModelId id, int number, ModelContract contract, IfMatch match, ContractDesk desk, RefusalTexts texts, CancellationToken cancellationToken) =>
            (await desk.ConfirmAsync(caller, id, number, contract, match.Version, cancellationToken)).ToHttp(model => ModelView.Of(model, texts)))
            .Produces<ModelView>().WithName("ConfirmContract").WithSummary("Confirms or corrects a version's contract; the version is ready then.");
    }

    public static void MapEvaluations(this RouteGroupBuilder models, IEndpointRouteBuilder endpoints)
    {
        models.MapPost("{id}/versions/{number:int}/evaluations", async (Caller caller, ModelId id, int number, NewEvaluation request, EvaluationDesk desk, CancellationToken cancellationToken) =>
            (await desk.RequestAsync(caller, id, number, request, cancellationToken)).ToCreated(evaluation => $"/api/v1/evaluations/{evaluation.Id}"))
            .Produces<EvaluationView>(StatusCodes.Status201Created).WithName("RequestEvaluation").WithSummary("Scores a dataset version and measures; a job does it.");
        models.MapGet("{id}/versions/{number:int}/evaluations", async (Caller caller, ModelId id, int number, EvaluationDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, id, number, cancellationToken)).Map(items => new ListOf<EvaluationView>(items)).ToHttp())
            .Produces<ListOf<EvaluationView>>().WithName("ListEvaluations").WithSummary("A version's evaluations, newest first.");
        var evaluations = endpoints.MapGroup("/api/v1/evaluations").WithTags("Models");
        evaluations.MapGet("{id}", async (Caller caller, EvaluationId id, EvaluationDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<EvaluationView>().WithName("GetEvaluation").WithSummary("Metrics with intervals, curves, and how often the dataset version was used.");
        evaluations.MapGet("{id}/breakdown", async (Caller caller, EvaluationId id, EvaluationDesk desk, CancellationToken cancellationToken) =>
            (await desk.BreakdownAsync(caller, id, cancellationToken)).ToHttp())
            .Produces<EvaluationBreakdown>().WithName("GetBreakdown").WithSummary("Metrics by the groups of each column, fairness by the named sensitive attributes, and permutation importance.");
        evaluations.MapGet("{id}/predictions", async (Caller caller, EvaluationId id, EvaluationDesk desk, CancellationToken cancellationToken) =>
        {
            var opened = await desk.OpenPredictionsAsync(caller, id, cancellationToken);
            return opened.IsOk ? TypedResults.Stream(opened.Value, "text/csv", $"predictions-{id}.csv") : opened.ToHttp();
        }).Produces(StatusCodes.Status200OK, contentType: "text/csv").WithName("GetPredictions").WithSummary("The stored predictions: row, actual, predicted, and the heuristic's score.");
    }

    public static void MapComparison(this RouteGroupBuilder models)
    {
        models.MapGet("compare", async (Caller caller, string versions, DatasetId dataset, int datasetVersion, ComparisonDesk desk, CancellationToken cancellationToken) =>
            (await desk.CompareAsync(caller, Ids(versions), new VersionRef(dataset, datasetVersion), cancellationToken)).ToHttp())
            .Produces<ComparisonView>().WithName("CompareVersions").WithSummary("Versions (ids, separated by commas) side by side on one dataset version, with paired intervals.");
        models.MapPost("compare", async (Caller caller, string versions, DatasetId dataset, int datasetVersion, ComparisonDesk desk, CancellationToken cancellationToken) =>
            (await desk.PrepareAsync(caller, Ids(versions), new VersionRef(dataset, datasetVersion), cancellationToken)).Map(items => new ListOf<EvaluationView>(items)).ToHttp())
            .Produces<ListOf<EvaluationView>>().WithName("PrepareComparison").WithSummary("Asks for the evaluations that a comparison lacks.");
    }

    public static void MapReleases(this IEndpointRouteBuilder endpoints)
    {
        var releases = endpoints.MapGroup("/api/v1/releases").WithTags("Releases");
        releases.MapPost("", async (Caller caller, NewRelease request, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.RequestAsync(caller, request, cancellationToken)).ToCreated(release => release.State, release => $"/api/v1/releases/{release.Id}"))
            .Produces<ReleaseRequest>(StatusCodes.Status201Created).WithName("RequestRelease").WithSummary("Asks for a version to be let into production, with a reason.");
        releases.MapGet("", async (Caller caller, ProjectId project, ReleaseState? state, int? limit, string? cursor, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.ListAsync(caller, project, state, PageRequest.Of(limit, cursor), cancellationToken)).ToHttp())
            .Produces<Page<ReleaseRequest>>().WithName("ListReleases").WithSummary("A project's release requests, newest first.");
        releases.MapGet("{id}", async (Caller caller, ReleaseRequestId id, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(release => release.State))
            .Produces<ReleaseRequest>().WithName("GetRelease").WithSummary("A release request with its evidence and its decision.");
        releases.MapPost("{id}/approve", async (Caller caller, ReleaseRequestId id, ReleaseComment request, IfMatch match, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApproveAsync(caller, id, request.Comment, match.Version, cancellationToken)).ToHttp(release => release.State))
            .Produces<ReleaseRequest>().WithName("ApproveRelease").WithSummary("Signs a release; not by the one who asked for it.");
        releases.MapPost("{id}/reject", async (Caller caller, ReleaseRequestId id, ReleaseComment request, IfMatch match, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.RejectAsync(caller, id, request.Comment, match.Version, cancellationToken)).ToHttp(release => release.State))
            .Produces<ReleaseRequest>().WithName("RejectRelease").WithSummary("Says no, and why.");
        releases.MapPost("{id}/withdraw", async (Caller caller, ReleaseRequestId id, ReleaseComment request, IfMatch match, ReleaseDesk desk, CancellationToken cancellationToken) =>
            (await desk.WithdrawAsync(caller, id, request.Comment, match.Version, cancellationToken)).ToHttp(release => release.State))
            .Produces<ReleaseRequest>().WithName("WithdrawRelease").WithSummary("Takes a request back before it is decided.");
    }

    public static void MapFidelityRule(this IEndpointRouteBuilder endpoints)
    {
        var settings = endpoints.MapGroup("/api/v1/settings/fidelity").WithTags("Models");
        settings.MapGet("", async (Caller caller, FidelityRules rules, CancellationToken cancellationToken) => (await rules.GetAsync(caller, cancellationToken)).ToHttp())
            .Produces<FidelityLimits>().WithName("GetFidelityRule").WithSummary("When an exported file counts as unlike its library.");
        settings.MapPut("", async (Caller caller, FidelityLimits limits, FidelityRules rules, CancellationToken cancellationToken) => (await rules.SetAsync(caller, limits, cancellationToken)).ToHttp())
            .Produces<FidelityLimits>().WithName("SetFidelityRule").WithSummary("Sets the tenant's limits; receipts keep the limits they were judged by.");
    }

    private static ImmutableArray<ModelVersionId> Ids(string versions) =>
        [.. versions.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Id.TryParse<ModelVersionId>(text, out var id) ? id : default)];
}
