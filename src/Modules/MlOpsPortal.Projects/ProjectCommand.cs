using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects;

/// <summary>A change to stage 1's content. It needs an existing, unarchived project whose stage 1 is open, and makes its caller an author.</summary>
public abstract record BusinessCommand : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.EditBusiness;

    public sealed override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null)
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        var stage = state.StageOf(Stage.BusinessUnderstanding);
        if (stage.State != StageState.Open)
            return ProjectsErrors.StageSignedOff();
        return Decide(state, facts, new Faults())
            .Map(change => change with { State = change.State.With(stage with { Authors = stage.Authors.Add(facts.Caller.User) }) });
    }

    protected abstract Result<Change<Project>> Decide(Project project, Facts facts, Faults faults);
}
