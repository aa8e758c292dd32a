using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Models.Registry;

/// <summary>A change to a model that exists and is not archived.</summary>
public abstract record ModelCommand : Command<Model>
{
    [JsonIgnore]
    public override Permission Permission => ModelsPermissions.Upload;

    public sealed override Result<Change<Model>> Decide(Model? state, Facts facts) => state switch
    {
        null => new NotFound(),
        { ArchivedAt: not null } when !EvenArchived => ModelsErrors.Archived(),
        _ => Decide(state, facts, new Faults()),
    };

    /// <summary>May it be carried out on a model that was put away?</summary>
    [JsonIgnore]
    protected virtual bool EvenArchived => false;

    protected abstract Result<Change<Model>> Decide(Model model, Facts facts, Faults faults);
}

/// <summary>A change to one of its versions.</summary>
public abstract record VersionCommand(ModelVersionId Version) : ModelCommand
{
    protected sealed override Result<Change<Model>> Decide(Model model, Facts facts, Faults faults) =>
        model.Find(Version) is { } version ? Decide(model, version, facts, faults) : new NotFound();

    protected abstract Result<Change<Model>> Decide(Model model, ModelVersion version, Facts facts, Faults faults);
}
