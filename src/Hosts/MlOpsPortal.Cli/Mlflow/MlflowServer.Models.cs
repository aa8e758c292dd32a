using MlOpsPortal.Cli.Connections;

namespace MlOpsPortal.Cli.Mlflow;

/// <summary>Logged models and the registry.</summary>
internal sealed partial class MlflowServer
{
    private const int LoggedModelsAPage = 100;
    private const int RegisteredModelsAPage = 500;
    private const int VersionsAPage = 5000;

    private sealed record LoggedModelPage(IReadOnlyList<LoggedModel>? Models, string? NextPageToken);

    private sealed record LoggedModelAnswer(LoggedModel Model);

    private sealed record RegisteredModelPage(IReadOnlyList<RegisteredModel>? RegisteredModels, string? NextPageToken);

    private sealed record RegisteredModelAnswer(RegisteredModel RegisteredModel);

    private sealed record VersionPage(IReadOnlyList<ModelVersion>? ModelVersions, string? NextPageToken);

    private sealed record VersionAnswer(ModelVersion ModelVersion);

    /// <summary>None on a server before MLflow 3.</summary>
    public IAsyncEnumerable<LoggedModel> LoggedModelsAsync(string experimentId, CancellationToken stop) => PagesAsync<LoggedModel>(
        async token =>
        {
            if (withoutLoggedModels) return ([], null);
            try
            {
                var asked = new { experiment_ids = new[] { experimentId }, max_results = LoggedModelsAPage, page_token = token };
                var page = await connection.PostAsync<LoggedModelPage>(Api + "logged-models/search", asked, stop);
                return (page.Models ?? [], page.NextPageToken);
            }
            catch (MlflowRefusal refusal) when (refusal.IsMissing && refusal.Code is "" or "ENDPOINT_NOT_FOUND")
            {
                withoutLoggedModels = true;
                return ([], null);
            }
        },
        stop);

    public async Task<LoggedModel> LoggedModelAsync(string id, CancellationToken stop) =>
        (await connection.GetAsync<LoggedModelAnswer>($"{Api}logged-models/{Address.Escape(id)}", stop)).Model;

    /// <exception cref="UncertainAnswer">It may have been created; look before trying again.</exception>
    public async Task<LoggedModel> CreateLoggedModelAsync(
        string experimentId, LoggedModelInfo like, string? sourceRunId, IReadOnlyList<KeyValue> parameters, IReadOnlyList<KeyValue> tags, CancellationToken stop)
    {
        var body = new { experiment_id = experimentId, name = like.Name, model_type = like.ModelType, source_run_id = sourceRunId, @params = parameters, tags };
        return (await connection.PostAsync<LoggedModelAnswer>(Api + "logged-models", body, stop, Repeat.AfterLooking)).Model;
    }

    public Task LogModelParamsAsync(string id, IReadOnlyList<KeyValue> parameters, CancellationToken stop) =>
        connection.PostAsync<Nothing>($"{Api}logged-models/{Address.Escape(id)}/params", new { model_id = id, @params = parameters }, stop);

    public Task SetModelTagsAsync(string id, IReadOnlyList<KeyValue> tags, CancellationToken stop) =>
        connection.SendAsync<Nothing>(HttpMethod.Patch, $"{Api}logged-models/{Address.Escape(id)}/tags", new { model_id = id, tags }, stop);

    public Task FinishModelAsync(string id, string status, CancellationToken stop) =>
        connection.SendAsync<Nothing>(HttpMethod.Patch, $"{Api}logged-models/{Address.Escape(id)}", new { model_id = id, status }, stop);

    public IAsyncEnumerable<RegisteredModel> RegisteredModelsAsync(CancellationToken stop) => PagesAsync(
        async token =>
        {
            var page = await connection.GetAsync<RegisteredModelPage>(Api + "registered-models/search", stop, ("max_results", $"{RegisteredModelsAPage}"), ("page_token", token));
            return (page.RegisteredModels ?? [], page.NextPageToken);
        },
        stop);

    /// <summary>Null when there is none.</summary>
    public async Task<RegisteredModel?> RegisteredModelAsync(string name, CancellationToken stop)
    {
        try
        {
            return (await connection.GetAsync<RegisteredModelAnswer>(Api + "registered-models/get", stop, ("name", name))).RegisteredModel;
        }
        catch (MlflowRefusal refusal) when (refusal.IsMissing)
        {
            return null;
        }
    }

    public async Task<RegisteredModel> CreateRegisteredModelAsync(string name, string? description, IReadOnlyList<KeyValue> tags, CancellationToken stop) =>
        (await connection.PostAsync<RegisteredModelAnswer>(Api + "registered-models/create", new { name, description, tags }, stop)).RegisteredModel;

    public Task SetRegisteredModelTagAsync(string name, KeyValue tag, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "registered-models/set-tag", new { name, key = tag.Key, value = tag.Value }, stop);

    public Task DescribeRegisteredModelAsync(string name, string description, CancellationToken stop) =>
        connection.SendAsync<Nothing>(HttpMethod.Patch, Api + "registered-models/update", new { name, description }, stop);

    public Task SetAliasAsync(string name, string alias, int version, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "registered-models/alias", new { name, alias, version = $"{version}" }, stop);

    public IAsyncEnumerable<ModelVersion> VersionsAsync(string name, CancellationToken stop) => PagesAsync(
        async token =>
        {
            var page = await connection.GetAsync<VersionPage>(
                Api + "model-versions/search", stop, ("filter", $"name = {Quoted(name)}"), ("max_results", $"{VersionsAPage}"), ("page_token", token));
            return (page.ModelVersions ?? [], page.NextPageToken);
        },
        stop);

    /// <exception cref="UncertainAnswer">It may have been created; look before trying again.</exception>
    public async Task<ModelVersion> CreateVersionAsync(ModelVersion like, CancellationToken stop)
    {
        var body = new { name = like.Name, source = like.Source, run_id = like.RunId, model_id = like.ModelId, run_link = like.RunLink, description = like.Description, tags = like.Tags };
        return (await connection.PostAsync<VersionAnswer>(Api + "model-versions/create", body, stop, Repeat.AfterLooking)).ModelVersion;
    }

    public Task DeleteVersionAsync(string name, int version, CancellationToken stop) =>
        connection.SendAsync<Nothing>(HttpMethod.Delete, Api + "model-versions/delete", new { name, version = $"{version}" }, stop);

    public Task SetVersionTagAsync(string name, int version, KeyValue tag, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "model-versions/set-tag", new { name, version = $"{version}", key = tag.Key, value = tag.Value }, stop);

    public Task DescribeVersionAsync(string name, int version, string description, CancellationToken stop) =>
        connection.SendAsync<Nothing>(HttpMethod.Patch, Api + "model-versions/update", new { name, version = $"{version}", description }, stop);

    public Task MoveToStageAsync(string name, int version, string stage, CancellationToken stop) =>
        connection.PostAsync<Nothing>(Api + "model-versions/transition-stage", new { name, version = $"{version}", stage, archive_existing_versions = false }, stop);

    /// <summary>Text in a filter: in the quotes that it does not have itself.</summary>
    private static string Quoted(string text) => text.Contains('\'', StringComparison.Ordinal) ? $"\"{text}\"" : $"'{text}'";
}
