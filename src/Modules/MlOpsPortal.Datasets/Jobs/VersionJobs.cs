using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Datasets.Reading;
using MlOpsPortal.Datasets.Splitting;
using MlOpsPortal.Datasets.Versions;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Blobs;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Datasets.Jobs;

/// <summary>Which versions a job is about.</summary>
internal sealed record VersionJob(DatasetId Dataset, ImmutableArray<int> Numbers);

/// <summary>What all jobs on versions share: load the dataset, do nothing if it was done before, say so when it failed.</summary>
internal abstract class VersionJobKind(IGrainFactory grains) : IJobKind
{
    public abstract string Kind { get; }

    public async Task<Result<JsonElement>> RunAsync(JobContext job, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionJob>();
        var dataset = await Grain(job.Caller, spec.Dataset).Read(cancellationToken);
        if (!dataset.IsOk)
            return dataset.Refusal;
        var done = await RunAsync(job, dataset.Value.State, spec.Numbers, cancellationToken);
        return done.Map(_ => JsonSerializer.SerializeToElement(spec, PortalJson.Options));
    }

    public virtual Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken) => Task.CompletedTask;

    protected abstract Task<Result<Done>> RunAsync(JobContext job, Dataset dataset, ImmutableArray<int> numbers, CancellationToken cancellationToken);

    protected async Task<Result<Done>> ApplyAsync(Caller caller, DatasetId id, Command<Dataset> command, CancellationToken cancellationToken) =>
        (await Grain(caller, id).Apply(caller, command, expectedVersion: null, cancellationToken)).Map(_ => Done.Instance);

    protected async Task FailAsync(JobContext job, Refusal why, CancellationToken cancellationToken)
    {
        var spec = job.Spec<VersionJob>();
        var failed = await ApplyAsync(job.Caller, spec.Dataset, new FailVersions(spec.Numbers, why), cancellationToken);
        if (!failed.IsOk && failed.Refusal is not NotFound)
            throw new IOException($"Versions of dataset {spec.Dataset} could not be marked as failed: {failed.Refusal.Code}.");
    }

    private IDatasetGrain Grain(Caller caller, DatasetId id) => grains.GetGrain<IDatasetGrain>(caller, id.Value);
}

/// <summary>Reads an uploaded file into a version.</summary>
internal sealed class ReadKind(IGrainFactory grains, ChildProcess children, BlobStore blobs) : VersionJobKind(grains)
{
    public const string Name = "datasets.read";

    public override string Kind => Name;

    public override Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken) => FailAsync(job, why, cancellationToken);

    protected override async Task<Result<Done>> RunAsync(JobContext job, Dataset dataset, ImmutableArray<int> numbers, CancellationToken cancellationToken)
    {
        if (dataset.Version(numbers[0]) is not { State: VersionState.Reading, Origin: { Source: { } source, File: { } file } } version)
            return Done.Instance;
        using var scratch = children.NewScratch();
        await Staging.StageAsync(blobs, job.Tenant, source, scratch.Input(FileReader.Source), cancellationToken);
        var read = await children.RunAsync<ReadAnswer>(
            DatasetVerbs.Read, new ReadSpec(file, source.Length, version.Options, dataset.Expectations), scratch, Staging.Limits, job.Progress, cancellationToken);
        if (!read.IsOk)
            return read.Refusal;
        if (version.Target is { } target && !read.Value.Columns.Any(column => column.Name == target))
            return DatasetsErrors.NoSuchColumn(target);
        var data = await Staging.StoreAsync(blobs, job.Tenant, scratch.Made(FileReader.Data), cancellationToken);
        return await ApplyAsync(job.Caller, dataset.Id, new FinishVersions([Staging.Finished(version.Number, data, read.Value)]), cancellationToken);
    }
}

/// <summary>Cuts a version into parts.</summary>
internal sealed class SplitKind(IGrainFactory grains, ChildProcess children, BlobStore blobs, VersionDocuments documents) : VersionJobKind(grains)
{
    public const string Name = "datasets.split";

    public override string Kind => Name;

    public override Task AbandonAsync(JobContext job, Refusal why, CancellationToken cancellationToken) => FailAsync(job, why, cancellationToken);

    protected override async Task<Result<Done>> RunAsync(JobContext job, Dataset dataset, ImmutableArray<int> numbers, CancellationToken cancellationToken)
    {
        if (dataset.Version(numbers[0]) is not { State: VersionState.Reading, Origin: { SplitOf: { } of, Split: { } plan } } || dataset.Version(of.Number) is not { Data: { } whole })
            return Done.Instance;
        var document = await documents.FindAsync(job.Tenant, dataset.Id, of.Number, cancellationToken);
        if (document is null)
            return new NotFound();
        using var scratch = children.NewScratch();
        await Staging.StageAsync(blobs, job.Tenant, whole, scratch.Input(FileReader.Data), cancellationToken);
        var split = await children.RunAsync<ImmutableArray<ReadAnswer>>(
            DatasetVerbs.Split, new SplitSpec(plan, document.Columns, dataset.Expectations), scratch, Staging.Limits, job.Progress, cancellationToken);
        if (!split.IsOk)
            return split.Refusal;
        if (split.Value.Length != numbers.Length)
            throw new InvalidDataException("The child made another number of parts than asked.");
        var finished = ImmutableArray.CreateBuilder<FinishedVersion>(numbers.Length);
        for (var part = 0; part < numbers.Length; part++)
            finished.Add(Staging.Finished(numbers[part], await Staging.StoreAsync(blobs, job.Tenant, scratch.Made(Splitter.File(part)), cancellationToken), split.Value[part]));
        return await ApplyAsync(job.Caller, dataset.Id, new FinishVersions(finished.ToImmutable()), cancellationToken);
    }
}

/// <summary>Checks a version against the dataset's expectations as they are now.</summary>
internal sealed class CheckKind(IGrainFactory grains, ChildProcess children, BlobStore blobs, VersionDocuments documents) : VersionJobKind(grains)
{
    public const string Name = "datasets.check";

    public override string Kind => Name;

    protected override async Task<Result<Done>> RunAsync(JobContext job, Dataset dataset, ImmutableArray<int> numbers, CancellationToken cancellationToken)
    {
        var document = await documents.FindAsync(job.Tenant, dataset.Id, numbers[0], cancellationToken);
        if (dataset.Version(numbers[0]) is not { State: VersionState.Ready, Data: { } data } || document is null)
            return new NotFound();
        using var scratch = children.NewScratch();
        await Staging.StageAsync(blobs, job.Tenant, data, scratch.Input(FileReader.Data), cancellationToken);
        var results = await children.RunAsync<ImmutableArray<ExpectationResult>>(
            DatasetVerbs.Check, new CheckSpec(document.Columns, dataset.Expectations), scratch, Staging.Limits, job.Progress, cancellationToken);
        if (!results.IsOk)
            return results.Refusal;
        var (passed, failed, unknown) = Staging.Count(results.Value);
        return await ApplyAsync(job.Caller, dataset.Id, new RecordQuality(numbers[0], passed, failed, unknown, JsonSerializer.Serialize(results.Value, PortalJson.Options)), cancellationToken);
    }
}

/// <summary>Compares a test version with its training version.</summary>
internal sealed class LeakKind(IGrainFactory grains, ChildProcess children, BlobStore blobs, VersionDocuments documents, DatasetCatalog catalog) : VersionJobKind(grains)
{
    public const string Name = "datasets.leak";

    public override string Kind => Name;

    protected override async Task<Result<Done>> RunAsync(JobContext job, Dataset dataset, ImmutableArray<int> numbers, CancellationToken cancellationToken)
    {
        var document = await documents.FindAsync(job.Tenant, dataset.Id, numbers[0], cancellationToken);
        if (dataset.Version(numbers[0]) is not { State: VersionState.Ready, Data: { } data, Training: { } reference } || document is null)
            return new NotFound();
        var training = await catalog.FindAsync(job.Caller, reference, cancellationToken);
        if (!training.IsOk)
            return training.Refusal;
        using var scratch = children.NewScratch();
        await Staging.StageAsync(blobs, job.Tenant, data, scratch.Input(FileReader.Data), cancellationToken);
        await Staging.StageAsync(blobs, job.Tenant, training.Value.Data, scratch.Input(LeakQuery.Training), cancellationToken);
        var leak = await children.RunAsync<LeakAnswer>(
            DatasetVerbs.Leak, new LeakSpec(document.Columns, training.Value.Columns), scratch, Staging.Limits, job.Progress, cancellationToken);
        return leak.IsOk
            ? await ApplyAsync(job.Caller, dataset.Id, new RecordLeak(numbers[0], new LeakReport(reference, leak.Value.TestRows, leak.Value.Leaked, default)), cancellationToken)
            : leak.Refusal;
    }
}

/// <summary>Files between blob store and scratch folder.</summary>
internal static class Staging
{
    public static readonly ChildLimits Limits = new() { WallTime = TimeSpan.FromMinutes(10), FileSize = 8L << 30 };

    public static async Task StageAsync(BlobStore blobs, Platform.Ids.TenantId tenant, StoredFile file, string path, CancellationToken cancellationToken)
    {
        await blobs.DownloadAsync(tenant, new BlobRow { TenantId = tenant, Id = file.Blob, Length = file.Length, Sha256 = file.Sha256, Purpose = "" }, path, cancellationToken);
        ScratchFolder.Protect(path);
    }

    public static async Task<StoredFile> StoreAsync(BlobStore blobs, Platform.Ids.TenantId tenant, FileInfo made, CancellationToken cancellationToken)
    {
        var row = await blobs.WriteFileAsync(tenant, made.FullName, "dataset", cancellationToken);
        return new StoredFile(row.Id, row.Length, row.Sha256);
    }

    public static FinishedVersion Finished(int number, StoredFile data, ReadAnswer answer)
    {
        var (passed, failed, unknown) = Count(answer.Quality);
        var document = new VersionDocument(answer.Columns, answer.Profile, answer.Preview);
        return new FinishedVersion(
            number, data, answer.Shape, answer.Profile.Rows, answer.Columns.Length, passed, failed, unknown,
            JsonSerializer.Serialize(document, PortalJson.Options), JsonSerializer.Serialize(answer.Quality, PortalJson.Options));
    }

    public static (int Passed, int Failed, int Unknown) Count(ImmutableArray<ExpectationResult> results) =>
        (results.Count(result => result.Passed == true), results.Count(result => result.Passed == false), results.Count(result => result.Passed is null));
}
