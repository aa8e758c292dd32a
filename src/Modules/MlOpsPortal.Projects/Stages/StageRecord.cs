using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects.Stages;

public enum StageState
{
    NotStarted,
    Open,
    SignedOff,
}

/// <summary>What can happen to a stage.</summary>
public enum StageMove
{
    Open,
    SignOff,
    Reopen,
}

/// <summary>One stage of one project.</summary>
public sealed record StageRecord(Stage Stage, StageState State)
{
    public static readonly ImmutableArray<StageRecord> AtStart =
        [.. Enum.GetValues<Stage>().Select(stage => new StageRecord(stage, stage == Stage.BusinessUnderstanding ? StageState.Open : StageState.NotStarted))];

    /// <summary>Who wrote what is to be signed off since the stage was opened: none of them may sign.</summary>
    public ImmutableHashSet<UserId> Authors { get; init; } = [];

    /// <summary>Sign-offs and reopenings, oldest first.</summary>
    public ImmutableArray<StageDecision> History { get; init; } = [];
}

/// <summary>A signature under a stage, or the reason why it was taken back.</summary>
/// <param name="Evidence">The checklist as it stood at a sign-off.</param>
public sealed record StageDecision(StageMove Move, UserId By, string ByName, DateTimeOffset At, string Comment, ImmutableArray<GateCheck> Evidence)
{
    /// <summary>What a reopening is about: an incident.</summary>
    public Occasion? Occasion { get; init; }
}

/// <summary>The lifecycle of a stage as one table. What is not in it does not happen.</summary>
public static class StageLifecycle
{
    private static readonly Dictionary<(StageState From, StageMove Move), StageState> Moves = new()
    {
        [(StageState.NotStarted, StageMove.Open)] = StageState.Open,
        [(StageState.Open, StageMove.SignOff)] = StageState.SignedOff,
        [(StageState.SignedOff, StageMove.Reopen)] = StageState.Open,
    };

    /// <returns>Null when the table does not have the move.</returns>
    public static StageState? Next(StageState from, StageMove move) => Moves.TryGetValue((from, move), out var to) ? to : null;
}
