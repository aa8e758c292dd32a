using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Versions;

/// <summary>Says what a version is for. A role is declared once: what was judged with it must stay true.</summary>
public sealed record DeclareRole(int Number, DatasetRole Role, string? Target, VersionRef? Training) : DatasetCommand
{
    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (dataset.Version(Number) is not { } version)
            return new NotFound();
        if (version.State != VersionState.Ready)
            return DatasetsErrors.NotReady(Number);
        if (version.Role != DatasetRole.None)
            return DatasetsErrors.RoleDeclared(Number, version.Role);
        if (new Faults().When(Role == DatasetRole.None, "role", "required").OptionalText("target", Target, 500).Refusal is { } refusal)
            return refusal;
        var after = version with { Role = Role, Target = Target ?? version.Target, Training = Roles.TrainingOf(dataset, Role, Training) };
        return Change.To(dataset.With(after), new RoleDeclared(Number, Role, after.Target, after.Training)).Map(change => change with
        {
            Rows = after is { Role: DatasetRole.Test, Training: not null } ? [Rows.Leak(dataset, after, facts)] : [],
        });
    }
}

/// <summary>Notes how many rows of a test version stand in its training version.</summary>
internal sealed record RecordLeak(int Number, LeakReport Leak) : DatasetCommand
{
    protected override bool EvenArchived => true;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts) =>
        dataset.Version(Number) is not { } version || (version.Leak is { } known && known.Training == Leak.Training)
            ? Change.To(dataset)
            : Change.To(dataset.With(version with { Leak = Leak with { CheckedAt = facts.Now } }), new LeakChecked(Number, Leak));
}

internal static class Roles
{
    public static VersionRef? TrainingOf(Dataset dataset, DatasetRole role, VersionRef? named) =>
        role != DatasetRole.Test ? null
        : named ?? (dataset.Versions.LastOrDefault(version => version is { Role: DatasetRole.Training, State: not VersionState.Failed }) is { } latest ? new VersionRef(dataset.Id, latest.Number) : null);
}
