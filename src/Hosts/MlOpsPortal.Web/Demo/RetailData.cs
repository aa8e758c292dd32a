using MlOpsPortal.Datasets;
using MlOpsPortal.Datasets.Catalog;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Web.Demo;

/// <summary>Stage 2 of the retail story: the messages of 2024, to September for training, the last quarter for the test; what must hold of them; the signature.</summary>
internal sealed class RetailData(DatasetDesk datasets, DatasetList catalogue, ProjectDesk projects, DemoFiles files)
{
    public const string Name = "messages_2024";
    public const string Target = "visited_within_14_days";

    public async Task<DatasetId> DataAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, string samples, CancellationToken cancellationToken)
    {
        var engineer = people[Role.DataEngineer];
        var there = (await catalogue.ListAsync(engineer, project, PageRequest.Of(PageRequest.MaxLimit, null), archived: false, cancellationToken)).Required().Items.FirstOrDefault(dataset => dataset.Name == Name);
        var id = there?.Id ?? await UploadAsync(engineer, project, samples, cancellationToken);
        var dataset = await ReadyAsync(engineer, id, 1, cancellationToken);
        if (dataset.Expectations.IsEmpty)
            (await datasets.ApplyAsync(engineer, id, new SetExpectations(
            [
                new NotNull("city_type", 1) { Id = Guid.CreateVersion7() },
                new NotNull("category", 1) { Id = Guid.CreateVersion7() },
                new NotNull(Target, 1) { Id = Guid.CreateVersion7() },
                new NotNull("age", 0.92) { Id = Guid.CreateVersion7() },
                new InRange("discount_percent", 1, 60, 1) { Id = Guid.CreateVersion7() },
                new InRange("distance_km", 0, null, 1) { Id = Guid.CreateVersion7() },
                new InRange("price", 0, null, 1) { Id = Guid.CreateVersion7() },
                new InSet("city_type", ["rural", "suburban", "urban"], 1) { Id = Guid.CreateVersion7() },
                new Unique(["message_id"]) { Id = Guid.CreateVersion7() },
                new RowCountBetween(10_000, null) { Id = Guid.CreateVersion7() },
            ]), null, cancellationToken)).Required();
        if (dataset.Versions.Length < 2)
        {
            var test = new NewVersion(await files.UploadAsync(engineer, Path.Combine(samples, "retail", "messages_2024_test.csv"), cancellationToken), null, DatasetRole.Test, Target, new VersionRef(id, 1));
            (await datasets.AddVersionAsync(engineer, id, test, null, cancellationToken)).Required();
        }

        await ReadyAsync(engineer, id, 2, cancellationToken);
        await files.UntilAsync(
            "the quality check", async () => (await datasets.GetAsync(engineer, id, cancellationToken)).Required().State,
            found => found.Versions.All(version => version.Quality is not null) && found.Versions[1].Leak is not null, cancellationToken);
        await SignAsync(people[Role.RiskManager], project, Stage.DataAcquisition, "Enough rows of every season, no row of the test in the training.", cancellationToken);
        return id;
    }

    /// <summary>Signs a stage that is open; one that was signed before stays as it is.</summary>
    public async Task SignAsync(Caller signer, ProjectId project, Stage stage, string comment, CancellationToken cancellationToken)
    {
        if ((await projects.GetAsync(signer, project, cancellationToken)).Required().State.StageOf(stage).State == StageState.Open)
            (await projects.SignOffAsync(signer, project, stage, comment, null, cancellationToken)).Required();
    }

    private async Task<DatasetId> UploadAsync(Caller engineer, ProjectId project, string samples, CancellationToken cancellationToken)
    {
        var training = new NewVersion(await files.UploadAsync(engineer, Path.Combine(samples, "retail", "messages_2024_train.csv"), cancellationToken), null, DatasetRole.Training, Target, null);
        return (await datasets.CreateAsync(engineer, project, new NewDataset(Name, "Who got which offer, what was known then, did they come.", training), cancellationToken)).Required().State.Id;
    }

    private Task<Dataset> ReadyAsync(Caller engineer, DatasetId id, int versions, CancellationToken cancellationToken) => files.UntilAsync(
        "the messages of 2024",
        async () => (await datasets.GetAsync(engineer, id, cancellationToken)).Required().State,
        dataset => dataset.Versions.Length >= versions && dataset.Versions.All(version => version.State == VersionState.Ready), cancellationToken);
}
