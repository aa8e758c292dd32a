using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Templates;

namespace MlOpsPortal.Projects.Portfolio;

/// <summary>Starts a project. Its creator becomes its first member.</summary>
/// <param name="Id">Given by the portal.</param>
/// <param name="Template">Fills stage 1 with an example to edit; its creator counts as its author.</param>
public sealed record CreateProject(ProjectId Id, string Name, string Summary, ProjectTemplate Template = ProjectTemplate.Blank) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.Create;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is not null)
            return ProjectsErrors.NameTaken();
        if (ProjectText.Check(Name, Summary) is { } refusal)
            return refusal;
        var project = new Project { Id = Id, Name = ProjectText.Clean(Name), Summary = Summary.Trim(), CreatedBy = facts.Caller.User };
        if (TemplateTexts.Of(Template) is { } text)
        {
            var stage = project.StageOf(Stage.BusinessUnderstanding);
            project = text.Fill(project, facts).With(stage with { Authors = stage.Authors.Add(facts.Caller.User) });
        }

        return Change.To(project, new ProjectCreated(project.Name, project.Summary, Template));
    }
}

/// <summary>Changes name and summary.</summary>
public sealed record DescribeProject(string Name, string Summary) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.EditBusiness;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null)
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.Archived();
        if (ProjectText.Check(Name, Summary) is { } refusal)
            return refusal;
        var after = state with { Name = ProjectText.Clean(Name), Summary = Summary.Trim() };
        return Change.To(after, new ProjectDescribed(state.Name, after.Name, state.Summary, after.Summary));
    }
}

/// <summary>Puts a project away: it stays readable, its name is free again.</summary>
public sealed record ArchiveProject(string Reason) : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.Archive;

    public override Result<Change<Project>> Decide(Project? state, Facts facts)
    {
        if (state is null)
            return new NotFound();
        if (state.ArchivedAt is not null)
            return ProjectsErrors.AlreadyArchived();
        if (new Faults().Text("reason", Reason, 1000).Refusal is { } refusal)
            return refusal;
        return Change.To(state with { ArchivedAt = facts.Now }, new ProjectArchived(Reason.Trim()));
    }
}

/// <summary>Brings a project back, under its name if nobody has taken that meanwhile.</summary>
public sealed record RestoreProject : Command<Project>
{
    [JsonIgnore]
    public override Permission Permission => ProjectsPermissions.Archive;

    public override Result<Change<Project>> Decide(Project? state, Facts facts) => state switch
    {
        null => new NotFound(),
        { ArchivedAt: null } => new Conflict("archive.not_archived"),
        _ => Change.To(state with { ArchivedAt = null }, new ProjectRestored()),
    };
}

/// <summary>Names of projects: shown composed (NFC), compared without case.</summary>
internal static class ProjectText
{
    public static Validation? Check(string name, string summary) => new Faults().Text("name", name, 100).Text("summary", summary, 500).Refusal;

    public static string Clean(string name) => name.Trim().Normalize();

    public static string Key(string name) => Clean(name).ToUpperInvariant();
}
