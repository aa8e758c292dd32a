using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Models.Data;

internal sealed class ModelDefinition : AggregateDefinition<ModelRow, Model>
{
    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [ModelsDbContext.NameIndex] = ModelsErrors.NameTaken() };

    public override Subject Subject(Guid id, Model state) => Of(state);

    public static Subject Of(Model model) => new("model", model.Id.ToString(), model.Name, model.Project.Scope);

    public override void Index(Model state, ModelRow row)
    {
        row.ProjectId = state.Project;
        row.Name = state.Name;
        row.NameKey = state.Name.ToUpperInvariant();
        row.Description = state.Description;
        row.Task = state.Task;
        row.VersionIds = [.. state.Versions.Select(version => version.Id.Value)];
        row.LatestState = state.Versions.IsEmpty ? null : state.Versions[^1].State;
        row.ChampionNumber = state.AliasTarget(SetAlias.Champion)?.Number;
        row.ArchivedAt = state.ArchivedAt;
    }
}

internal sealed class ReleaseDefinition : AggregateDefinition<ReleaseRow, ReleaseRequest>
{
    public override IReadOnlyDictionary<string, Refusal> Taken { get; } =
        new Dictionary<string, Refusal>(StringComparer.Ordinal) { [ModelsDbContext.OpenReleaseIndex] = ModelsErrors.ReleaseOpen() };

    public override Subject Subject(Guid id, ReleaseRequest state) => new("release", Id.Text(id), $"{state.ModelName} v{state.Number}", state.Project.Scope);

    public override void Index(ReleaseRequest state, ReleaseRow row)
    {
        row.ProjectId = state.Project;
        row.ModelId = state.Model;
        row.VersionId = state.Version;
        row.Environment = state.Environment;
        row.State = state.State;
    }
}
