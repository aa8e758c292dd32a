using MlOpsPortal.Models;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using ReleaseApproval = MlOpsPortal.Models.Approvals.ReleaseApproval;

namespace MlOpsPortal.Deployments.Releases;

/// <summary>One attempt to let a version answer.</summary>
/// <param name="Number">From 1 within the deployment.</param>
/// <param name="Approval">Of the version for production; null in a sandbox.</param>
public sealed record Release(
    ReleaseId Id, int Number, ServableVersion Version, ReleaseCause Cause, UserId By, string ByName, DateTimeOffset At, ReleaseApproval? Approval, ReleaseState State)
{
    /// <summary>Why it failed.</summary>
    public Refusal? Failure { get; init; }
    public DateTimeOffset? LiveAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A version as serving needs it; copied into the release, so that what answers cannot change behind it.</summary>
/// <param name="Number">Of the version within its model: the label that replies carry.</param>
/// <param name="File">Null for a version that the portal does not run, if it has none.</param>
public sealed record ServableVersion(ModelVersionId Id, ModelId Model, string ModelName, int Number, ServableFile? File, ModelContract Contract)
{
    /// <summary>The portal does not run this version: its endpoint takes predictions that were made elsewhere, and answers none.</summary>
    public bool NotRun { get; init; }

    public static ServableVersion Of(ServableModel ready) => new(
        ready.Version, ready.Model, ready.ModelName, ready.Number, ready.File is { } file ? new ServableFile(file.Blob, file.Bytes, file.Sha256) : null, ready.Contract)
    {
        NotRun = ready.Signature is null,
    };
}

/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Lower-case hex, checked at every load.</param>
public sealed record ServableFile(BlobId Blob, long Bytes, string Sha256);

public enum ReleaseCause
{
    Released,
    RolledBack,
}

public enum ReleaseState
{
    Loading,
    Live,
    Failed,
    Replaced,
}

public enum ReleaseMove
{
    GoLive,
    Fail,
    Replace,
}

/// <summary>The lifecycle of a release as one table. What is not in it does not happen.</summary>
public static class ReleaseLifecycle
{
    private static readonly Dictionary<(ReleaseState From, ReleaseMove Move), ReleaseState> Moves = new()
    {
        [(ReleaseState.Loading, ReleaseMove.GoLive)] = ReleaseState.Live,
        [(ReleaseState.Loading, ReleaseMove.Fail)] = ReleaseState.Failed,
        [(ReleaseState.Live, ReleaseMove.Replace)] = ReleaseState.Replaced,
    };

    public static Result<ReleaseState> Next(ReleaseState from, ReleaseMove move) =>
        Moves.TryGetValue((from, move), out var to) ? to : DeploymentsErrors.ReleaseMove(from, move);
}
