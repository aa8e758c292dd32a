using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Tracking.Artifacts;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.LoggedModels;

/// <summary>Models with what hangs on them: four statements however many they are.</summary>
internal static class LoggedModelReader
{
    /// <returns>In the order of the ids; those that are not there are left out.</returns>
    public static async Task<ImmutableArray<LoggedModel>> ReadAsync(TrackingDbContext db, IReadOnlyList<LoggedModelId> ids, CancellationToken cancellationToken)
    {
        var rows = await db.LoggedModels.AsNoTracking().Where(model => ids.Contains(model.Id))
            .Join(db.Experiments, model => model.ExperimentId, experiment => experiment.Id, (model, experiment) => new { Model = model, experiment.ArtifactLocation })
            .ToDictionaryAsync(row => row.Model.Id, cancellationToken);
        var tags = await db.LoggedModelTags.AsNoTracking().Where(tag => ids.Contains(tag.ModelId)).ToListAsync(cancellationToken);
        var given = await db.LoggedModelParams.AsNoTracking().Where(param => ids.Contains(param.ModelId)).ToListAsync(cancellationToken);
        var metrics = await db.LoggedModelMetrics.AsNoTracking().Where(metric => ids.Contains(metric.ModelId))
            .OrderBy(metric => metric.Key).ThenBy(metric => metric.Timestamp).ThenBy(metric => metric.Step).ToListAsync(cancellationToken);
        var (tagsOf, paramsOf, metricsOf) = (tags.ToLookup(tag => tag.ModelId), given.ToLookup(param => param.ModelId), metrics.ToLookup(metric => metric.ModelId));
        return
        [
            .. ids.Where(rows.ContainsKey).Select(id => View(rows[id].Model, rows[id].ArtifactLocation) with
            {
                Tags = [.. tagsOf[id].Select(tag => KeyValuePair.Create(tag.Key, tag.Value)).OrderBy(tag => tag.Key, StringComparer.Ordinal)],
                Params = [.. paramsOf[id].Select(param => KeyValuePair.Create(param.Key, param.Value)).OrderBy(param => param.Key, StringComparer.Ordinal)],
                Metrics = [.. metricsOf[id].Select(View)],
            }),
        ];
    }

    private static LoggedModel View(LoggedModelRow row, string location) => new(
        row.Id, row.ExperimentId, row.Name, ArtifactAddress.RootUri(location, ArtifactOwner.Of(row.Id)), row.CreatedMs, row.UpdatedMs, row.Status, row.StatusMessage, row.ModelType, row.SourceRunId,
        row.DeletedAt is not null);

    private static LoggedModelMetric View(LoggedModelMetricRow row) =>
        new(row.Key, row.Value, row.Timestamp, row.Step, row.RunId, row.DatasetName.Length == 0 ? null : row.DatasetName, row.DatasetDigest.Length == 0 ? null : row.DatasetDigest);
}
