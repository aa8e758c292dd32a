using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Models.Data;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Models.Gates;

/// <summary>What stage 3 is judged by: a ready version, evaluated on a test version through its present contract, beside what it has to beat.</summary>
internal sealed class DevelopmentGate(ITenantDb<ModelsDbContext> databases, AggregateDefinition<ModelRow, Model> definition) : IGateEvidence
{
    public Stage Stage => Stage.ModelDevelopment;

    public async Task<ImmutableArray<GateCheck>> CheckAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var ready = (await ModelsAsync(db, project, cancellationToken)).SelectMany(model => model.Versions.Select(version => new FoundVersion(model, version)))
            .Where(found => found.Version.State == VersionState.Ready).ToList();
        var ids = ready.ConvertAll(found => found.Version.Id);
        var rows = await db.Evaluations.AsNoTracking()
            .Where(row => ids.Contains(row.VersionId) && row.State == EvaluationState.Done && row.DatasetRole == DatasetRole.Test).ToListAsync(cancellationToken);
        var current = rows.Where(row => ready.Exists(found => found.Version.Id == row.VersionId && found.Version.Contract?.Sha256 == row.ContractSha256)).ToList();
        var compared = current.Find(row => EvaluationDesk.ReadReport(row) is { HasBaseline: true });
        var link = $"projects/{project}/models";
        return
        [
            new("gate.model_ready", ready.Count > 0, ready.Count == 0 ? null : $"{ready[0].Model.Name} v{ready[0].Version.Number}", link),
            new("gate.model_evaluated", current.Count > 0, current.Count == 0 ? null : Say(current[0]), link),
            new("gate.model_beside_baseline", compared is not null, compared is null ? null : Say(compared), link),
        ];
    }

    public async Task<ImmutableArray<UserId>> AuthorsAsync(Caller caller, ProjectId project, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var models = await ModelsAsync(db, project, cancellationToken);
        return [.. models.SelectMany(model => model.Versions).Select(version => version.UploadedBy.Id).Distinct()];
    }

    private async Task<List<Model>> ModelsAsync(ModelsDbContext db, ProjectId project, CancellationToken cancellationToken)
    {
        var documents = await db.Models.AsNoTracking().Where(row => row.ProjectId == project && row.ArchivedAt == null).OrderBy(row => row.NameKey).Select(row => row.Document).ToListAsync(cancellationToken);
        return documents.ConvertAll(definition.Read);
    }

    private static string Say(EvaluationRow row)
    {
        var report = EvaluationDesk.ReadReport(row);
        var name = row.Task switch { MlTask.Binary => "AUC", MlTask.Multiclass => "log loss", _ => "RMSE" };
        var value = report?.Metrics.GetValueOrDefault(TaskMetrics.Headline(row.Task))?.Value;
        return string.Create(CultureInfo.InvariantCulture, $"{row.ModelName} v{row.Number} · {row.DatasetName} · {name} {value:0.0000}");
    }
}
