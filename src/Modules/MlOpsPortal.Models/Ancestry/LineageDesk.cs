using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Models.Ancestry;

/// <summary>Walks back from a model version: its evaluations and their data, its training data and where that came from, the problem and its KPIs.
/// Each step is asked as the caller; what she may not see ends there.</summary>
public sealed class LineageDesk
{
    private const int MaxSteps = 20;
    private const int MaxEvaluations = 5;
    private readonly ModelDesk models;
    private readonly ProjectDesk projects;
    private readonly IDatasetSource datasets;
    private readonly ITenantDb<ModelsDbContext> databases;

    internal LineageDesk(ModelDesk models, ProjectDesk projects, IDatasetSource datasets, ITenantDb<ModelsDbContext> databases) =>
        (this.models, this.projects, this.datasets, this.databases) = (models, projects, datasets, databases);

    public async Task<Result<LineageGraph>> OfVersionAsync(Caller caller, ModelVersionId id, CancellationToken cancellationToken)
    {
        var found = await models.FindVersionAsync(caller, id, cancellationToken);
        return found.IsOk ? await OfAsync(caller, found.Value, cancellationToken) : found.Refusal;
    }

    public async Task<Result<LineageGraph>> OfVersionAsync(Caller caller, ModelId id, int number, CancellationToken cancellationToken)
    {
        var found = await models.GetVersionAsync(caller, id, number, cancellationToken);
        return found.IsOk ? await OfAsync(caller, found.Value, cancellationToken) : found.Refusal;
    }

    private async Task<LineageGraph> OfAsync(Caller caller, FoundVersion found, CancellationToken cancellationToken)
    {
        var (model, version) = found;
        var home = $"/projects/{model.Project}";
        var root = new LineageNode($"version-{version.Id}", LineageKind.ModelVersion, $"{model.Name} v{Text(version.Number)}", version.Lineage.Algorithm, $"{home}/models/{model.Id}/versions/{Text(version.Number)}");
        var graph = new LineageGraph([root], []);
        graph = await WithProjectAsync(caller, graph, root, model.Project, home, cancellationToken);
        if (version.Lineage.TrainedOn is { } training)
            graph = await WithDatasetAsync(caller, graph, root.Id, training, "trained on", home, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var contract = version.Contract?.Sha256;
        var rows = await db.Evaluations.AsNoTracking().Where(row => row.VersionId == version.Id && row.State == EvaluationState.Done && row.ContractSha256 == contract)
            .OrderByDescending(row => row.RequestedAt).ToListAsync(cancellationToken);
        foreach (var row in rows.DistinctBy(row => row.Dataset).Take(MaxEvaluations))
        {
            var node = new LineageNode($"evaluation-{row.Id}", LineageKind.Evaluation, Headline(row), row.SentBlob is null ? "scored by the portal" : "predictions sent in", $"{home}/models/{model.Id}/evaluations/{row.Id}");
            graph = graph.With(node, new LineageEdge(root.Id, node.Id, "evaluated in"));
            graph = await WithDatasetAsync(caller, graph, node.Id, row.Dataset, "measured on", home, cancellationToken);
        }

        return graph;
    }

    private async Task<LineageGraph> WithProjectAsync(Caller caller, LineageGraph graph, LineageNode root, ProjectId id, string home, CancellationToken cancellationToken)
    {
        if (await projects.GetAsync(caller, id, cancellationToken) is not { IsOk: true } found)
            return graph;
        var project = found.Value.State;
        var problem = new LineageNode($"problem-{id}", LineageKind.Problem, project.Problem is { } stated ? Shorten(stated.Statement) : project.Name, project.Name, $"{home}/business");
        graph = graph.With(problem, new LineageEdge(root.Id, problem.Id, "answers"));
        foreach (var kpi in project.Kpis)
        {
            var node = new LineageNode($"kpi-{kpi.Id}", LineageKind.Kpi, kpi.Name, string.Create(CultureInfo.InvariantCulture, $"target {kpi.Target} {kpi.Unit}"), $"{home}/business");
            graph = graph.With(node, new LineageEdge(problem.Id, node.Id, "judged by"));
        }

        return graph;
    }

    private async Task<LineageGraph> WithDatasetAsync(Caller caller, LineageGraph graph, string above, VersionRef version, string says, string home, CancellationToken cancellationToken)
    {
        VersionRef? next = version;
        for (var step = 0; step < MaxSteps && next is { } reference; step++)
        {
            var id = $"dataset-{reference.Dataset}-{Text(reference.Number)}";
            var found = await datasets.GetAsync(caller, reference, cancellationToken);
            if (!found.IsOk)
                return graph.With(new LineageNode(id, LineageKind.Dataset, "a dataset version", "no longer to be seen", null), new LineageEdge(above, id, says));
            var facts = found.Value;
            var node = new LineageNode(
                id, LineageKind.Dataset, facts.Name, $"{facts.Role.ToString().ToLowerInvariant()}, {Text(facts.Rows)} rows", $"{home}/datasets/{reference.Dataset}/versions/{Text(reference.Number)}");
            graph = graph.With(node, new LineageEdge(above, id, says));
            if (facts.File is { } file)
            {
                var source = new LineageNode($"file-{facts.FileSha256 ?? file}", LineageKind.File, file, facts.FileSha256 is { } hash ? $"SHA-256 {hash[..12]}…" : null, null);
                graph = graph.With(source, new LineageEdge(id, source.Id, "read from"));
            }

            (above, says, next) = (id, "split from", facts.SplitOf);
        }

        return graph;
    }

    private static string Headline(EvaluationRow row)
    {
        var value = EvaluationDesk.ReadReport(row)?.Metrics.GetValueOrDefault(TaskMetrics.Headline(row.Task))?.Value;
        return string.Create(CultureInfo.InvariantCulture, $"{TaskMetrics.Headline(row.Task)} {value:0.0000}");
    }

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..120] + "…";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
