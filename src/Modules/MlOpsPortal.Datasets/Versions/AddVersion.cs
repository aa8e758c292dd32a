using System.Collections.Immutable;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Jobs;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Outbox;

namespace MlOpsPortal.Datasets.Versions;

/// <summary>Adds an uploaded file as the next version; a job reads it.</summary>
/// <param name="Training">For a test version: the version that its model is trained on; the dataset's latest training version if none is named.</param>
public sealed record AddVersion(string FileName, StoredFile Source, ReadOptions Options, DatasetRole Role, string? Target, VersionRef? Training) : DatasetCommand
{
    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (dataset.Versions.Length >= Dataset.MaxVersions)
            return DatasetsErrors.TooManyVersions();
        if (new Faults().OptionalText("target", Target, 500).Refusal is { } refusal)
            return refusal;
        var job = new JobId(facts.NewId());
        var version = new DatasetVersion(
            dataset.Versions.Length + 1, VersionState.Reading, Role, Target, Roles.TrainingOf(dataset, Role, Training), new VersionOrigin(FileName, Source, null, null), Options, job,
            facts.Caller.User, facts.Caller.Name, facts.Now);
        return Change.To(dataset with { Versions = dataset.Versions.Add(version) }, new VersionAdded(version.Number, Role, version.Origin)).Map(change => change with
        {
            Rows = [Rows.Blob(Source, "dataset source", facts), Rows.Job(ReadKind.Name, job, dataset, $"Read {FileName}", new VersionJob(dataset.Id, [version.Number]), facts)],
        });
    }
}

/// <summary>Adds the parts of a version as versions of their own; a job cuts them.</summary>
public sealed record SplitVersion(int Number, SplitPlan Plan, string? Target) : DatasetCommand
{
    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (dataset.Version(Number) is not { } whole)
            return new NotFound();
        if (whole.State != VersionState.Ready)
            return DatasetsErrors.NotReady(Number);
        var parts = Plan.Parts;
        if (dataset.Versions.Length + parts.Length > Dataset.MaxVersions)
            return DatasetsErrors.TooManyVersions();
        var job = new JobId(facts.NewId());
        var training = new VersionRef(dataset.Id, dataset.Versions.Length + 1);
        var origin = new VersionOrigin(null, null, new VersionRef(dataset.Id, Number), Plan);
        ImmutableArray<DatasetVersion> added =
        [
            .. parts.Select((part, at) => new DatasetVersion(
                dataset.Versions.Length + 1 + at, VersionState.Reading, part.Role, Target ?? whole.Target, part.Role == DatasetRole.Test ? training : null, origin, whole.Options, job,
                facts.Caller.User, facts.Caller.Name, facts.Now)),
        ];
        return Change.To(dataset with { Versions = dataset.Versions.AddRange(added) }, [.. added.Select(version => new VersionAdded(version.Number, version.Role, origin))]).Map(change => change with
        {
            Rows = [Rows.Job(SplitKind.Name, job, dataset, $"Split version {Number}", new VersionJob(dataset.Id, [.. added.Select(version => version.Number)]), facts)],
        });
    }
}

/// <summary>A version's content, as a job made it.</summary>
/// <param name="Document">Schema, profile, preview and quality: too large for the dataset's own document.</param>
internal sealed record FinishedVersion(
    int Number, StoredFile Data, FileShape? Shape, long Rows, int Columns, int Passed, int Failed, int Unknown, string Document, string Quality);

/// <summary>Notes what a job has made. For a version that is not being read any more nothing happens: the job ran twice.</summary>
internal sealed record FinishVersions(ImmutableArray<FinishedVersion> Finished) : DatasetCommand
{
    protected override bool EvenArchived => true;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        if (Finished.Any(finished => dataset.Version(finished.Number) is not { State: VersionState.Reading }))
            return Change.To(dataset);
        var (state, rows, events) = (dataset, ImmutableArray.CreateBuilder<ITenantRow>(), ImmutableArray.CreateBuilder<DomainEvent>());
        foreach (var finished in Finished)
        {
            var before = dataset.Versions[finished.Number - 1];
            var after = before with
            {
                State = VersionState.Ready, Data = finished.Data, Shape = finished.Shape ?? before.Shape, Rows = finished.Rows, Columns = finished.Columns, ReadyAt = facts.Now,
                Quality = new QualitySummary(finished.Passed, finished.Failed, finished.Unknown, facts.Now),
            };
            state = state.With(after);
            rows.Add(Rows.Blob(finished.Data, "dataset", facts));
            rows.Add(new Data.VersionDocumentRow { TenantId = facts.Caller.Tenant, DatasetId = dataset.Id.Value, Number = finished.Number, Document = finished.Document });
            rows.Add(Rows.Quality(dataset, finished.Number, finished.Quality, facts));
            events.Add(new VersionReady(after.Number, after.Role, after.Rows, after.Columns, finished.Data.Sha256, after.Quality));
        }

        rows.AddRange(Finished.Select(finished => state.Versions[finished.Number - 1]).Where(version => version is { Role: DatasetRole.Test, Training: not null }).Select(version => Rows.Leak(dataset, version, facts)));
        return Change.To(state, events.ToImmutable()).Map(change => change with { Rows = rows.ToImmutable() });
    }
}

/// <summary>Notes that a job could not make a version, and why.</summary>
internal sealed record FailVersions(ImmutableArray<int> Numbers, Refusal Fault) : DatasetCommand
{
    protected override bool EvenArchived => true;

    protected override Result<Change<Dataset>> DecideOn(Dataset dataset, Facts facts)
    {
        ImmutableArray<DatasetVersion> reading = [.. Numbers.Select(dataset.Version).OfType<DatasetVersion>().Where(version => version.State == VersionState.Reading)];
        var state = reading.Aggregate(dataset, (before, version) => before.With(version with { State = VersionState.Failed, Fault = Fault }));
        return Change.To(state, [.. reading.Select(version => new VersionFailed(version.Number, Fault))]);
    }
}

/// <summary>Rows that stand beside the dataset's own.</summary>
internal static class Rows
{
    public static BlobRow Blob(StoredFile file, string purpose, Facts facts) =>
        new() { TenantId = facts.Caller.Tenant, Id = file.Blob, Length = file.Length, Sha256 = file.Sha256, Purpose = purpose, CreatedAt = facts.Now };

    public static JobRow Job(string kind, JobId id, Dataset dataset, string title, object spec, Facts facts) =>
        JobDesk.NewRow(facts.Caller, new NewJob(kind, new Subject("dataset", dataset.Id.ToString(), dataset.Name, dataset.Project.Scope), title, spec) { Id = id }, facts.Now);

    public static JobRow Leak(Dataset dataset, DatasetVersion version, Facts facts) =>
        Job(LeakKind.Name, new JobId(facts.NewId()), dataset, $"Compare version {version.Number} with its training data", new VersionJob(dataset.Id, [version.Number]), facts);

    public static Data.QualityRow Quality(Dataset dataset, int number, string results, Facts facts) =>
        new() { TenantId = facts.Caller.Tenant, Id = facts.NewId(), DatasetId = dataset.Id.Value, Number = number, At = facts.Now, Results = results };
}
