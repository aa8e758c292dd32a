using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Approvals;

/// <summary>Where a version shall answer.</summary>
public enum ReleaseEnvironment
{
    /// <summary>For trying; needs no approval.</summary>
    Sandbox,

    /// <summary>Decisions rest on it; needs a request, evidence and another person's approval.</summary>
    Production,
}

public enum ReleaseState
{
    Requested,
    Approved,
    Rejected,
    Withdrawn,
}

/// <summary>What can happen to a request.</summary>
public enum ReleaseMove
{
    Approve,
    Reject,
    Withdraw,
}

/// <summary>The lifecycle of a request as one table. What is not in it does not happen.</summary>
public static class ReleaseLifecycle
{
    private static readonly Dictionary<(ReleaseState From, ReleaseMove Move), ReleaseState> Moves = new()
    {
        [(ReleaseState.Requested, ReleaseMove.Approve)] = ReleaseState.Approved,
        [(ReleaseState.Requested, ReleaseMove.Reject)] = ReleaseState.Rejected,
        [(ReleaseState.Requested, ReleaseMove.Withdraw)] = ReleaseState.Withdrawn,
    };

    public static Result<ReleaseState> Next(ReleaseState from, ReleaseMove move) =>
        Moves.TryGetValue((from, move), out var to) ? to : ModelsErrors.ReleaseMove(from, move);
}

/// <summary>May this version go to that environment? Asked by one person, answered by another.</summary>
public sealed record ReleaseRequest
{
    public required ReleaseRequestId Id { get; init; }
    public required ProjectId Project { get; init; }
    public required ModelId Model { get; init; }
    public required string ModelName { get; init; }
    public required ModelVersionId Version { get; init; }
    public required int Number { get; init; }
    public required ReleaseEnvironment Environment { get; init; }
    public required ReleaseState State { get; init; }
    public required string Reason { get; init; }
    public required Person RequestedBy { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>What was shown when it was asked for.</summary>
    public required ReleaseEvidence Evidence { get; init; }
    public required string EvidenceSha256 { get; init; }
    public ReleaseDecision? Decision { get; init; }
}

/// <summary>The electronic record of a decision.</summary>
/// <param name="EvidenceSha256">Of the evidence as it stood when it was decided.</param>
public sealed record ReleaseDecision(Person By, DateTimeOffset At, string Comment, string EvidenceSha256);
