using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Projects.Stages;

/// <summary>Sends the work back to an earlier stage: reopens it where it is signed off, and leaves a task for who works on it. Work may have run ahead of the gates;
/// a stage that has not begun gets its task all the same.</summary>
public sealed record SendBack(Stage From, Stage To, string Reason, Occasion? Occasion) : Command<Project>
{
    private const int MostOpen = 50;
    private const int MostKept = 200;

    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.SendBack;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null || !Enum.IsDefined(From))
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        var faults = new Faults().Text("reason", Reason, 2000).When(!Enum.IsDefined(To) || To >= From, "to", "projects.way_back_order");
        if (faults.Refusal is { } refusal)
            return refusal;
        if (Occasion is not null && state.Tasks.Any(task => task.End is null && task.To == To && task.Occasion is { } before && before.Kind == Occasion.Kind && before.Id == Occasion.Id))
            return ProjectsErrors.SentBackAlready();
        if (state.Tasks.Count(task => task.End is null) >= MostOpen)
            return ProjectsErrors.TooManyTasks(MostOpen);
        var record = state.StageOf(To);
        var task = new StageTask(new StageTaskId(facts.NewId()), From, To, Reason.Trim(), Occasion, facts.Caller.User, facts.Caller.Name, facts.Now);
        var kept = state.Tasks.Length < MostKept ? state.Tasks : [.. state.Tasks.Where(old => old.End is null).Concat(state.Tasks.Where(old => old.End is not null).TakeLast(MostKept / 2)).OrderBy(old => old.At)];
        var after = state with { Tasks = kept.Add(task) };
        var sent = new StageSentBack(task.Id, From, To, task.Request, Occasion);
        if (StageLifecycle.Next(record.State, StageMove.Reopen) is not { } reopened)
            return Change.To(after, sent);
        var decision = new StageDecision(StageMove.Reopen, facts.Caller.User, facts.Caller.Name, facts.Now, task.Request, []) { Occasion = Occasion };
        return Change.To(after.With(record with { State = reopened, History = record.History.Add(decision) }), new StageReopened(To, task.Request), sent);
    }
}

/// <summary>A change to an open task.</summary>
public abstract record StageTaskCommand(StageTaskId Task) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.DoTask;

    public sealed override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state?.Tasks.FirstOrDefault(task => task.Id == Task) is not { } found)
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        return found.End is null ? Decide(state, found, facts) : ProjectsErrors.TaskDone();
    }

    protected abstract Result<Change<Project>> Decide(Project project, StageTask task, Facts facts);
}

/// <summary>The caller does it; it leaves the others' lists.</summary>
public sealed record TakeStageTask(StageTaskId Task) : StageTaskCommand(Task)
{
    protected override Result<Change<Project>> Decide(Project project, StageTask task, Facts facts) => Change.To(
        project with { Tasks = project.Tasks.Replace(task, task with { Assignee = facts.Caller.User, AssigneeName = facts.Caller.Name }) },
        new StageTaskTaken(task.Id, task.To, task.AssigneeName, facts.Caller.Name));
}

/// <summary>It is done, and what was done.</summary>
public sealed record FinishStageTask(StageTaskId Task, string Note) : StageTaskCommand(Task)
{
    protected override Result<Change<Project>> Decide(Project project, StageTask task, Facts facts) =>
        new Faults().Text("note", Note, 2000).Refusal is { } refusal
            ? refusal
            : Change.To(
                project with { Tasks = project.Tasks.Replace(task, task with { End = new StageTaskEnd(facts.Caller.User, facts.Caller.Name, facts.Now, Note.Trim(), BySignOff: false) }) },
                new StageTaskFinished(task.Id, task.To, Note.Trim()));
}
