using System.Collections.Frozen;
using System.Text.Json;
using MlOpsPortal.MlflowApi.Wire;
using MlOpsPortal.Tracking;
using MlOpsPortal.Tracking.Experiments;
using MlOpsPortal.Tracking.Search;

namespace MlOpsPortal.MlflowApi;

/// <summary><c>experiments/search</c> and <c>runs/search</c></summary>
internal static class SearchRoutes
{
    private static readonly FrozenDictionary<string, (int Number, ViewType Value)> Views = new Dictionary<string, (int, ViewType)>(StringComparer.Ordinal)
    {
        ["ACTIVE_ONLY"] = (1, ViewType.ActiveOnly),
        ["DELETED_ONLY"] = (2, ViewType.DeletedOnly),
        ["ALL"] = (3, ViewType.All),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void MapSearches(this MlflowRoutes routes)
    {
        foreach (var method in (string[])["POST", "GET"])
            routes.Map(method, "experiments/search",
                fields => new SearchExperiments(
                    fields.Text("filter"), fields.Word("view_type", Views) ?? ViewType.ActiveOnly, Most(fields, 1_000, ExperimentSearchDesk.MaxPage), fields.Texts("order_by"), fields.Text("page_token")),
                (call, request) => call.Desk<ExperimentSearchDesk>().SearchAsync(call.Caller, request, call.Aborted),
                (json, page) =>
                {
                    json.List("experiments", page.Experiments, ExperimentRoutes.Write);
                    json.Optional("next_page_token", page.NextToken);
                });
        routes.Map("POST", "runs/search",
            fields => new SearchRuns(
                fields.Texts("experiment_ids"), fields.Text("filter"), fields.Word("run_view_type", Views) ?? ViewType.ActiveOnly, Most(fields, 1_000, RunSearchDesk.MaxPage), fields.Texts("order_by"),
                fields.Text("page_token")),
            (call, request) => call.Desk<RunSearchDesk>().SearchAsync(call.Caller, request, call.Aborted),
            Write);
    }

    private static void Write(Utf8JsonWriter json, RunPage page)
    {
        json.List("runs", page.Runs, RunRoutes.Write);
        json.Optional("next_page_token", page.NextToken);
    }

    internal static int Most(MlflowFields fields, int usual, int limit)
    {
        var most = fields.Int64("max_results") ?? usual;
        if (most >= 1 && most <= limit)
            return (int)most;
        fields.Refuse(TrackingErrors.Range("max_results", most.ToString(System.Globalization.CultureInfo.InvariantCulture), $"between 1 and {limit}"));
        return usual;
    }
}
