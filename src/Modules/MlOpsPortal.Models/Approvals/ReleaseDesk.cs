using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Approvals;

/// <summary>Asks for a version to be let into an environment.</summary>
public sealed record NewRelease(ModelVersionId Version, ReleaseEnvironment Environment, string Reason);

/// <summary>Requests, and the decisions about them.</summary>
public sealed class ReleaseDesk
{
    private readonly ModelDesk models;
    private readonly IGrainFactory grains;
    private readonly IPermissions permissions;
    private readonly ITenantDb<ModelsDbContext> databases;
    private readonly AggregateDefinition<ReleaseRow, ReleaseRequest> definition;
    private readonly TimeProvider time;

    internal ReleaseDesk(
        ModelDesk models, IGrainFactory grains, IPermissions permissions, ITenantDb<ModelsDbContext> databases, AggregateDefinition<ReleaseRow, ReleaseRequest> definition, TimeProvider time) =>
        (this.models, this.grains, this.permissions, this.databases, this.definition, this.time) = (models, grains, permissions, databases, definition, time);

    public async Task<Result<Versioned<ReleaseRequest>>> RequestAsync(Caller caller, NewRelease request, CancellationToken cancellationToken)
    {
        var found = await models.FindVersionAsync(caller, request.Version, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        var (model, version) = found.Value;
        var allowed = await permissions.DemandAsync(caller, model.Project.Scope, ModelsPermissions.RequestRelease, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var command = new RequestRelease(
            Id.New<ReleaseRequestId>(time.GetUtcNow()), model.Project, model.Id, model.Name, version.Id, version.Number, version.State, request.Environment, request.Reason,
            await EvidenceAsync(caller, version, cancellationToken));
        return await Grain(caller, command.Id).Apply(caller, command, expectedVersion: null, cancellationToken);
    }

    public async Task<Result<Versioned<ReleaseRequest>>> GetAsync(Caller caller, ReleaseRequestId id, CancellationToken cancellationToken) =>
        await OpenAsync(caller, id, ModelsPermissions.View, cancellationToken);

    /// <summary>What a request for this version would show now.</summary>
    public async Task<Result<ReleaseEvidence>> PreviewAsync(Caller caller, ModelVersionId version, CancellationToken cancellationToken)
    {
        var found = await models.FindVersionAsync(caller, version, cancellationToken);
        return found.IsOk ? await EvidenceAsync(caller, found.Value.Version, cancellationToken) : found.Refusal;
    }

    public async Task<Result<Versioned<ReleaseRequest>>> ApproveAsync(Caller caller, ReleaseRequestId id, string comment, long? expectedVersion, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(caller, id, ModelsPermissions.DecideRelease, cancellationToken);
        if (!opened.IsOk)
            return opened.Refusal;
        var version = await models.FindVersionAsync(caller, opened.Value.State.Version, cancellationToken);
        if (!version.IsOk)
            return version.Refusal;
        var command = new ApproveRelease(comment, version.Value.Version.State, await EvidenceAsync(caller, version.Value.Version, cancellationToken));
        return await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken);
    }

    public async Task<Result<Versioned<ReleaseRequest>>> RejectAsync(Caller caller, ReleaseRequestId id, string comment, long? expectedVersion, CancellationToken cancellationToken) =>
        await ApplyAsync(caller, id, new RejectRelease(comment), expectedVersion, cancellationToken);

    public async Task<Result<Versioned<ReleaseRequest>>> WithdrawAsync(Caller caller, ReleaseRequestId id, string comment, long? expectedVersion, CancellationToken cancellationToken) =>
        await ApplyAsync(caller, id, new WithdrawRelease(comment), expectedVersion, cancellationToken);

    /// <summary>A project's requests, newest first.</summary>
    /// <param name="state">Only those in this state; all when null.</param>
    public async Task<Result<Page<ReleaseRequest>>> ListAsync(Caller caller, ProjectId project, ReleaseState? state, PageRequest page, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, project.Scope, ModelsPermissions.View, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Releases.AsNoTracking().Where(row => row.ProjectId == project && (state == null || row.State == state));
        if (Guid.TryParseExact(Cursors.Read(page.Cursor), "n", out var last))
            rows = rows.Where(row => row.Id < last);
        var found = await rows.OrderByDescending(row => row.Id).Take(page.Limit + 1).Select(row => row.Document).ToListAsync(cancellationToken);
        var requests = found.ConvertAll(definition.Read);
        return page.Cut(requests, request => request.Id.ToString());
    }

    private async Task<Result<Versioned<ReleaseRequest>>> ApplyAsync(
        Caller caller, ReleaseRequestId id, ReleaseCommand command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(caller, id, command.Permission, cancellationToken);
        return opened.IsOk ? await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken) : opened.Refusal;
    }

    private async Task<Result<Versioned<ReleaseRequest>>> OpenAsync(Caller caller, ReleaseRequestId id, Permission permission, CancellationToken cancellationToken)
    {
        var request = await Grain(caller, id).Read(cancellationToken);
        if (!request.IsOk)
            return request.Refusal;
        var allowed = await permissions.DemandAsync(caller, request.Value.State.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? request : allowed.Refusal;
    }

    private async Task<ReleaseEvidence> EvidenceAsync(Caller caller, ModelVersion version, CancellationToken cancellationToken)
    {
        var contract = version.Contract?.Sha256;
        await using var db = databases.Open(caller.Tenant);
        var rows = await db.Evaluations.AsNoTracking()
            .Where(row => row.VersionId == version.Id && row.State == EvaluationState.Done && row.ContractSha256 == contract && row.DatasetRole == DatasetRole.Test)
            .OrderByDescending(row => row.RequestedAt).Take(20).ToListAsync(cancellationToken);
        return ReleaseEvidence.Of(version, [.. rows.Select(Evidence)]);
    }

    private static EvaluationEvidence Evidence(EvaluationRow row)
    {
        var report = EvaluationDesk.ReadReport(row);
        var headline = TaskMetrics.Headline(row.Task);
        var metric = report?.Metrics.GetValueOrDefault(headline);
        return new EvaluationEvidence(
            row.Id, row.Dataset, row.DatasetName, row.Rows ?? 0, headline, metric?.Value, metric?.Interval?.Lower, metric?.Interval?.Upper, row.PredictionsSha256 ?? "")
        {
            SentIn = row.SentBlob is not null,
        };
    }

    private IReleaseGrain Grain(Caller caller, ReleaseRequestId id) => grains.GetGrain<IReleaseGrain>(caller, id.Value);
}
