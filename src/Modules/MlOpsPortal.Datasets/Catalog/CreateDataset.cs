using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets.Catalog;

/// <summary>A change to an existing, unarchived dataset.</summary>
public abstract record DatasetCommand : Command<Dataset>
{
    [JsonIgnore]
    public override Permission Permission => DatasetsPermissions.Edit;

    public sealed override Result<Change<Dataset>> Decide(Dataset? state, Facts facts) =>
        state is null ? new NotFound() : state.ArchivedAt is not null && !EvenArchived ? DatasetsErrors.Archived() : DecideOn(state, facts);

    /// <summary>What a job brings to its end is noted even if somebody archived the dataset meanwhile.</summary>
    [JsonIgnore]
    protected virtual bool EvenArchived => false;

    protected abstract Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts);
}

/// <summary>Starts a dataset, without any version yet.</summary>
/// <param name="Id">Given by the portal.</param>
public sealed record CreateDataset(DatasetId Id, ProjectId Project, string Name, string Description) : Command<Dataset>
{
    [JsonIgnore]
    public override Permission Permission => DatasetsPermissions.Edit;

    public override Result<Change<Dataset>> Decide(Dataset? state, Facts facts)
    {
        if (state is not null)
            return DatasetsErrors.NameTaken();
        if (DatasetText.Check(Name, Description) is { } refusal)
            return refusal;
        var dataset = new Dataset
        {
            Id = Id, Project = Project, Name = DatasetText.Clean(Name), Description = Description.Trim(), Owner = facts.Caller.User, OwnerName = facts.Caller.Name,
        };
        return Change.To(dataset, new DatasetCreated(dataset.Name, dataset.Description));
    }
}

/// <summary>Changes name and description.</summary>
public sealed record DescribeDataset(string Name, string Description) : DatasetCommand
{
    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (DatasetText.Check(Name, Description) is { } refusal)
            return refusal;
        var after = dataset with { Name = DatasetText.Clean(Name), Description = Description.Trim() };
        return Change.To(after, new DatasetDescribed(dataset.Name, after.Name, after.Description));
    }
}

/// <summary>Puts a dataset away: it stays readable, its name is free again.</summary>
public sealed record ArchiveDataset(string Reason) : DatasetCommand
{
    [JsonIgnore]
    public override Permission Permission => DatasetsPermissions.Archive;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts) =>
        new Faults().Text("reason", Reason, 1000).Refusal is { } refusal
            ? refusal
            : Change.To(dataset with { ArchivedAt = facts.Now }, new DatasetArchived(Reason.Trim()));
}

/// <summary>Brings a dataset back, under its name if nobody has taken that meanwhile.</summary>
public sealed record RestoreDataset : DatasetCommand
{
    [JsonIgnore]
    public override Permission Permission => DatasetsPermissions.Archive;

    [JsonIgnore]
    protected override bool EvenArchived => true;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts) =>
        dataset.ArchivedAt is null ? new Conflict("archive.not_archived") : Change.To(dataset with { ArchivedAt = null }, new DatasetRestored());
}

/// <summary>Names of datasets: shown composed (NFC), compared without case.</summary>
internal static class DatasetText
{
    public static Validation? Check(string name, string description) => new Faults().Text("name", name, 100).OptionalText("description", description, 2000).Refusal;

    public static string Clean(string name) => name.Trim().Normalize();

    public static string Key(string name) => Clean(name).ToUpperInvariant();
}
