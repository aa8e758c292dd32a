using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Registry;

/// <summary>Opens a name that versions can be uploaded under. Names are unique in the project.</summary>
/// <param name="Id">Given by the portal.</param>
public sealed record CreateModel(ModelId Id, ProjectId Project, string Name, string? Description, MlTask Task) : Command<Model>
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.Upload;

    public override Result<Change<Model>> Decide(Model? state, Facts facts)
    {
        if (state is not null)
            return new Conflict("stale");
        if (new Faults().Text("name", Name, ModelLimits.Name).OptionalText("description", Description, ModelLimits.Description).Refusal is { } refusal)
            return refusal;
        var model = new Model
        {
            Id = Id,
            Project = Project,
            Name = Name.Trim().Normalize(),
            Description = Description?.Trim() ?? "",
            Task = Task,
            CreatedBy = Person.Of(facts.Caller),
        };
        return Change.To(model, new ModelCreated(model.Name, model.Task));
    }
}

/// <summary>Renames a model or describes it anew.</summary>
public sealed record DescribeModel(string Name, string? Description) : ModelCommand
{
    protected override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults)
    {
        if (faults.Text("name", Name, ModelLimits.Name).OptionalText("description", Description, ModelLimits.Description).Refusal is { } refusal)
            return refusal;
        var after = model with { Name = Name.Trim().Normalize(), Description = Description?.Trim() ?? "" };
        return Change.To(after, new ModelDescribed(model.Name, after.Name, model.Description, after.Description));
    }
}

/// <summary>Takes a model out of lists; its versions stay where they are used.</summary>
public sealed record ArchiveModel(string Reason) : ModelCommand
{
    protected override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults) =>
        faults.Text("reason", Reason, ModelLimits.Reason).Refusal is { } refusal
            ? refusal
            : Change.To(model with { ArchivedAt = facts.Now }, new ModelArchived(Reason.Trim()));
}

/// <summary>Brings a model back into lists, under its name if nobody has taken that meanwhile.</summary>
public sealed record RestoreModel : ModelCommand
{
    [JsonIgnore]
    protected override bool EvenArchived => true;

    protected override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults) =>
        model.ArchivedAt is null ? new Conflict("archive.not_archived") : Change.To(model with { ArchivedAt = null }, new ModelRestored());
}

internal static class ModelLimits
{
    public const int Name = 200;
    public const int Description = 4000;
    public const int Reason = 2000;
    public const int Algorithm = 200;
    public const int Commit = 200;
    public const int Parameters = 200;
    public const int ParameterName = 250;
    public const int ParameterValue = 6000;
    public const int Versions = 1000;
    public const int AliasHistory = 200;
    public const int Aliases = 20;
}
