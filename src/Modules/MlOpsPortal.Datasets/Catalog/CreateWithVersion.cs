using System.Text.Json.Serialization;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;

namespace MlOpsPortal.Datasets.Catalog;

/// <summary>A dataset and its first version, in one transaction.</summary>
internal sealed record CreateWithVersion(CreateDataset Create, AddVersion Add) : Command<Dataset>
{
    [JsonIgnore]
    public override Permission Permission => Create.Permission;

    public override Result<Change<Dataset>> Decide(Dataset? state, Facts facts) =>
        Create.Decide(state, facts).Then(created =>
            Add.Decide(created.State, facts).Map(added => added with { Events = [.. created.Events, .. added.Events] }));
}
