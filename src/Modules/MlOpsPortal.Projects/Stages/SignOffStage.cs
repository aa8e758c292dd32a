using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Projects.Stages;

/// <summary>Signs a stage off and opens the next; what was asked of the stage is done with it. What other modules say of their stage's checklist is gathered before and comes along.</summary>
/// <param name="Checks">Of the stage's own module; stage 1 is checked against the project itself.</param>
/// <param name="Authors">Who wrote the stage's content in other modules.</param>
public sealed record SignOffStage(Stage Stage, string Comment, ImmutableArray<GateCheck> Checks, ImmutableArray<UserId> Authors) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.SignOff;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null || !Enum.IsDefined(Stage))
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        if (new Faults().Text("comment", Comment, 2000).Refusal is { } refusal)
            return refusal;
        var record = state.StageOf(Stage);
        if (StageLifecycle.Next(record.State, StageMove.SignOff) is not { } signed)
            return ProjectsErrors.StageMove(Stage.ToString());
        if (record.Authors.Contains(facts.Caller.User) || Authors.Contains(facts.Caller.User))
            return ProjectsErrors.AuthorSigns();
        var checks = Stage == Stage.BusinessUnderstanding ? BusinessGate.Check(state) : Checks;
        var open = checks.Where(check => !check.Met).ToList();
        if (checks.IsDefaultOrEmpty || open.Count > 0)
            return ProjectsErrors.ChecksOpen(Math.Max(1, open.Count), open.FirstOrDefault()?.Code ?? "gate.no_evidence");

        var decision = new StageDecision(StageMove.SignOff, facts.Caller.User, facts.Caller.Name, facts.Now, Comment.Trim(), checks);
        var end = new StageTaskEnd(facts.Caller.User, facts.Caller.Name, facts.Now, Comment.Trim(), BySignOff: true);
        var after = state.With(record with { State = signed, Authors = [], History = record.History.Add(decision) }) with
        {
            Tasks = [.. state.Tasks.Select(task => task.To == Stage && task.End is null ? task with { End = end } : task)],
        };
        return OpenNext(after);
    }

    private Result<Change<Project>> OpenNext(Project after)
    {
        var happened = new StageSignedOff(Stage, Comment.Trim());
        if (Stage == Stage.ModelMonitoring)
            return Change.To(after, happened);
        var next = after.StageOf(Stage + 1);
        return StageLifecycle.Next(next.State, StageMove.Open) is { } opened
            ? Change.To(after.With(next with { State = opened }), happened, new StageOpened(next.Stage))
            : Change.To(after, happened);
    }
}

/// <summary>Takes a signature back, with the reason. Later stages stay as they are: what they rest on may still hold.</summary>
public sealed record ReopenStage(Stage Stage, string Reason) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.Reopen;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null || !Enum.IsDefined(Stage))
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        if (new Faults().Text("reason", Reason, 2000).Refusal is { } refusal)
            return refusal;
        var record = state.StageOf(Stage);
        if (StageLifecycle.Next(record.State, StageMove.Reopen) is not { } reopened)
            return ProjectsErrors.StageMove(Stage.ToString());
        var decision = new StageDecision(StageMove.Reopen, facts.Caller.User, facts.Caller.Name, facts.Now, Reason.Trim(), []);
        return Change.To(state.With(record with { State = reopened, History = record.History.Add(decision) }), new StageReopened(Stage, Reason.Trim()));
    }
}
