using System.Text.Json;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Monitoring.KpiTracking.Sql;

/// <summary>What this module does in a child process: people's SQL is run nowhere else.</summary>
public static class KpiVerbs
{
    internal const string Measure = "kpi-measure";

    public static IReadOnlyDictionary<string, IJobVerb> All { get; } = new Dictionary<string, IJobVerb>(StringComparer.Ordinal) { [Measure] = new MeasureVerb() };

    private sealed class MeasureVerb : IJobVerb
    {
        public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
        {
            try
            {
                return new KpiQueries(request, request.Read<MeasureSpec>(), progress).Run().Map(answer => JsonSerializer.SerializeToElement(answer, PortalJson.Options));
            }
            catch (DuckDbException failure) when (failure.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
            {
                return new Validation("jobs.too_much_memory") { Kind = ValidationKind.Unprocessable };
            }
        }
    }
}
