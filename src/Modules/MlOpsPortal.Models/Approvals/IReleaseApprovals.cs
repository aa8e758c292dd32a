using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Models.Approvals;

/// <summary>Asked before a version goes to an environment.</summary>
public interface IReleaseApprovals
{
    /// <returns>The approval that lets the version in as it is now; <c>models.not_approved</c> when there is none, or when file or contract have changed since.
    /// A sandbox needs none and answers null.</returns>
    Task<Result<ReleaseApproval?>> DemandAsync(Caller caller, ModelVersionId version, ReleaseEnvironment environment, CancellationToken cancellationToken);
}

/// <summary>The record of an approval.</summary>
public sealed record ReleaseApproval(
    ReleaseRequestId Request, ModelVersionId Version, ReleaseEnvironment Environment, Person RequestedBy, Person ApprovedBy, DateTimeOffset At, string Comment,
    string? FileSha256, string ContractSha256, string EvidenceSha256);

internal sealed class ReleaseApprovals(ModelDesk models, ITenantDb<ModelsDbContext> databases, AggregateDefinition<ReleaseRow, ReleaseRequest> definition) : IReleaseApprovals
{
    public async Task<Result<ReleaseApproval?>> DemandAsync(Caller caller, ModelVersionId version, ReleaseEnvironment environment, CancellationToken cancellationToken)
    {
        var found = await models.FindVersionAsync(caller, version, cancellationToken);
        if (!found.IsOk)
            return found.Refusal;
        if (environment == ReleaseEnvironment.Sandbox)
            return new Result<ReleaseApproval?> { Value = null };
        var (file, contract) = (found.Value.Version.File?.Sha256, found.Value.Version.Contract?.Sha256);
        await using var db = databases.Open(caller.Tenant);
        var documents = await db.Releases.AsNoTracking()
            .Where(row => row.VersionId == version && row.Environment == environment && row.State == ReleaseState.Approved)
            .OrderByDescending(row => row.UpdatedAt).Select(row => row.Document).ToListAsync(cancellationToken);
        var approved = documents.Select(definition.Read).FirstOrDefault(request => request.Evidence.FileSha256 == file && request.Evidence.ContractSha256 == contract);
        return approved is { Decision: { } decision }
            ? new ReleaseApproval(
                approved.Id, version, environment, approved.RequestedBy, decision.By, decision.At, decision.Comment, file, approved.Evidence.ContractSha256!, decision.EvidenceSha256) // no approval without a contract
            : ModelsErrors.NotApproved($"{found.Value.Model.Name} v{found.Value.Version.Number}");
    }
}
