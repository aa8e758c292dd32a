using System.Text.Json;
using MlOpsPortal.Datasets;
using MlOpsPortal.Models;
using MlOpsPortal.Models.Approvals;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;
using NewVersion = MlOpsPortal.Models.Registry.NewVersion;
using VersionState = MlOpsPortal.Models.Registry.VersionState;

namespace MlOpsPortal.Web.Demo;

/// <summary>Stage 3 of the retail story: three classifiers, each with the library's own predictions, evaluated on the last quarter; the best is proposed and approved.</summary>
internal sealed class RetailModels(ModelDesk models, ContractDesk contracts, EvaluationDesk evaluations, ReleaseDesk releases, DemoFiles files)
{
    private const string Name = "response_model";
    private static readonly string[] Files = ["random_forest", "logistic", "lightgbm"];

    /// <returns>The approved version.</returns>
    public async Task<(ModelId Model, ModelVersionId Version)> ModelsAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, DatasetId data, string samples, CancellationToken cancellationToken)
    {
        var scientist = people[Role.DataScientist];
        var there = (await models.ListAsync(scientist, project, PageRequest.Of(PageRequest.MaxLimit, null), cancellationToken)).Required().Items.FirstOrDefault(model => model.Name == Name);
        var id = there?.Id ?? (await models.CreateAsync(scientist, new NewModel(project, Name, "Will this shopper visit within 14 days of this offer?", MlTask.Binary), cancellationToken)).Required().State.Id;
        for (var number = 1; number <= Files.Length; number++)
            await VersionAsync(scientist, id, number, Path.Combine(samples, "retail", "response_model"), data, cancellationToken);

        var model = (await models.GetAsync(scientist, id, cancellationToken)).Required().State;
        var best = model.Versions[^1].Id;
        if (model.Aliases.All(alias => alias.Name != "champion"))
            (await models.ApplyAsync(scientist, id, new SetAlias("champion", best), null, cancellationToken)).Required();
        await ApproveAsync(people, project, best, cancellationToken);
        return (id, best);
    }

    private async Task VersionAsync(Caller scientist, ModelId id, int number, string folder, DatasetId data, CancellationToken cancellationToken)
    {
        var name = Files[number - 1];
        var test = new VersionRef(data, 2);
        if ((await models.GetAsync(scientist, id, cancellationToken)).Required().State.Versions.Length < number)
        {
            var upload = new NewVersion(
                await files.UploadAsync(scientist, Path.Combine(folder, "models", name + ".onnx"), cancellationToken), new VersionRef(data, 1), await AlgorithmAsync(folder, name, cancellationToken), null, null,
                await files.UploadAsync(scientist, Path.Combine(folder, "predictions", name + ".csv"), cancellationToken), test);
            (await models.UploadAsync(scientist, id, upload, cancellationToken)).Required();
        }

        var version = await SettledAsync(scientist, id, number, found => found.State != VersionState.Admitting, cancellationToken);
        if (version.State == VersionState.ContractNeeded)
        {
            var proposal = (await contracts.ProposeAsync(scientist, id, number, new VersionRef(data, 1), cancellationToken)).Required();
            (await contracts.ConfirmAsync(scientist, id, number, proposal.Contract, null, cancellationToken)).Required();
        }

        await SettledAsync(scientist, id, number, found => found.Fidelity is { Receipt: not null } or { Failed: not null }, cancellationToken);
        if ((await evaluations.ListAsync(scientist, id, number, cancellationToken)).Required().IsEmpty)
            (await evaluations.RequestAsync(scientist, id, number, new NewEvaluation(test, null, null, null) { Sensitive = ["city_type"] }, cancellationToken)).Required();
        await files.UntilAsync(
            $"the evaluation of {name}", async () => (await evaluations.ListAsync(scientist, id, number, cancellationToken)).Required()[0], found => found.State == EvaluationState.Done, cancellationToken);
    }

    private async Task ApproveAsync(IReadOnlyDictionary<Role, Caller> people, ProjectId project, ModelVersionId version, CancellationToken cancellationToken)
    {
        var known = (await releases.ListAsync(people[Role.DataScientist], project, state: null, PageRequest.Of(PageRequest.MaxLimit, null), cancellationToken)).Required().Items;
        var request = known.FirstOrDefault(candidate => candidate.Version == version && candidate.Environment == ReleaseEnvironment.Production)
            ?? (await releases.RequestAsync(people[Role.DataScientist], new NewRelease(version, ReleaseEnvironment.Production, "Beats the popular offer by far and the forest detectably."), cancellationToken)).Required().State;
        if (request.State == ReleaseState.Requested)
            (await releases.ApproveAsync(people[Role.RiskManager], request.Id, "Evidence read: receipt, test, contract. Good to go.", null, cancellationToken)).Required();
    }

    private Task<ModelVersion> SettledAsync(Caller scientist, ModelId id, int number, Func<ModelVersion, bool> isSo, CancellationToken cancellationToken) => files.UntilAsync(
        $"version {number} of {Name}", async () => (await models.GetVersionAsync(scientist, id, number, cancellationToken)).Required().Version, isSo, cancellationToken);

    /// <summary>What trained the model, as its data set's description says.</summary>
    private static async Task<string?> AlgorithmAsync(string folder, string name, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(folder, "dataset.json"));
        using var description = await JsonDocument.ParseAsync(file, default, cancellationToken);
        return description.RootElement.GetProperty("models").GetProperty(name).GetProperty("python_class").GetString();
    }
}
