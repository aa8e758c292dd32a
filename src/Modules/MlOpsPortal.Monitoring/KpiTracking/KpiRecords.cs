using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Monitoring.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Kpis;

namespace MlOpsPortal.Monitoring.KpiTracking;

/// <summary>Rows to records.</summary>
internal static class KpiRecords
{
    public static async Task<List<MeasurementDefinition>> DefinitionsAsync(MonitoringDbContext db, KpiId kpi, CancellationToken cancellationToken) =>
        [.. (await db.KpiDefinitions.AsNoTracking().Where(row => row.KpiId == kpi).OrderBy(row => row.Number).ToListAsync(cancellationToken)).Select(View)];

    public static MeasurementDefinition View(KpiDefinitionRow row) =>
        new(row.Number, row.KpiVersion, JsonSerializer.Deserialize<MeasurementSpec>(row.Spec, PortalJson.Options)!, row.CreatedBy, row.CreatedByName, row.CreatedAt); // written by us, never null

    public static KpiRun View(KpiRunRow row, RefusalTexts texts) => new(
        row.Id, row.Definition, row.Trigger, row.State, row.FromDay, row.ToDay,
        [.. JsonSerializer.Deserialize<List<UsedInput>>(row.Inputs, PortalJson.Options) ?? []], [.. Outcomes(row)],
        row.Fault is null ? null : Sentences(JsonSerializer.Deserialize<Refusal>(row.Fault, PortalJson.Options)!, texts), // likewise
        row.ByName, row.StartedAt, row.EndedAt);

    public static List<PeriodOutcome> Outcomes(KpiRunRow row) => JsonSerializer.Deserialize<List<PeriodOutcome>>(row.Outcomes, PortalJson.Options) ?? [];

    /// <summary>The newest outcome of each period under a definition.</summary>
    public static Dictionary<DateOnly, PeriodOutcome> Newest(IEnumerable<KpiRunRow> runs, int definition) =>
        runs.Where(run => run.Definition == definition && run.State == KpiRunState.Done).OrderByDescending(run => run.StartedAt).SelectMany(Outcomes)
            .GroupBy(outcome => outcome.Start).ToDictionary(group => group.Key, group => group.First());

    private static string Sentences(Refusal refusal, RefusalTexts texts) =>
        refusal is Validation { Fields: { IsEmpty: false } fields }
            ? string.Join(' ', fields.Select(fault => $"{char.ToUpperInvariant(fault.Field[0])}{fault.Field[1..]}: {texts.Sentence(fault)}"))
            : texts.Sentence(refusal);
}
