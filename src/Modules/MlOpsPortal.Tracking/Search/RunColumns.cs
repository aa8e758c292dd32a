using System.Globalization;
using MlOpsPortal.Tracking.Filtering;
using MlOpsPortal.Tracking.Runs;

namespace MlOpsPortal.Tracking.Search;

/// <summary>How a run answers a comparison: as a condition on the row <c>r</c> of tracking.runs.</summary>
/// <param name="keys">Numbers of the names that the filter and the order use; what is not here was never logged.</param>
internal sealed class RunColumns(IReadOnlyDictionary<string, int> keys) : IFilterColumns
{
    public const string IdText = "replace(r.id::text, '-', '')";
    public const string StatusText = "(ARRAY['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'])[r.status]";

    public void Write(FilterTerm term, FilterSql sql)
    {
        switch (term.Entity)
        {
            case FilterEntity.Attribute:
                sql.Compare(Attribute(term.Key), term);
                break;
            case FilterEntity.Metric:
                Exists("tracking.latest_metrics", term, sql);
                break;
            case FilterEntity.Param:
                Exists("tracking.params", term, sql);
                break;
            case FilterEntity.Tag:
                Exists("tracking.tags", term, sql);
                break;
            case FilterEntity.Dataset:
                Dataset(term, sql);
                break;
            default:
                throw new InvalidOperationException($"A run has no {term.Entity}.");
        }
    }

    /// <summary>The column, or an expression of the program's own, for an attribute.</summary>
    public static string Attribute(string key) => key switch
    {
        "run_id" => IdText,
        "run_name" => "r.name",
        "user_id" => "r.user_id",
        "status" => StatusText,
        "artifact_uri" => $"((SELECT x.artifact_location FROM tracking.experiments x WHERE x.no = r.experiment_no) || '/' || {IdText} || '/artifacts')",
        "start_time" => "r.start_time",
        "end_time" => "r.end_time",
        _ => throw new InvalidOperationException($"A run has no attribute {key}."),
    };

    /// <summary>A status by its word; null for what is none.</summary>
    public static RunStatus? Status(string? word) => word switch
    {
        "RUNNING" => RunStatus.Running,
        "SCHEDULED" => RunStatus.Scheduled,
        "FINISHED" => RunStatus.Finished,
        "FAILED" => RunStatus.Failed,
        "KILLED" => RunStatus.Killed,
        _ => null,
    };

    private void Exists(string table, FilterTerm term, FilterSql sql)
    {
        if (!keys.TryGetValue(term.Key, out var number))
        {
            sql.Text(term.Operator == FilterOperator.IsNull ? "TRUE" : "FALSE");
            return;
        }

        sql.Text(term.Operator == FilterOperator.IsNull ? "NOT EXISTS" : "EXISTS").Text($" (SELECT 1 FROM {table} v WHERE v.run_no = r.no AND v.key_id = {number.ToString(CultureInfo.InvariantCulture)}");
        if (term.Operator is not (FilterOperator.IsNull or FilterOperator.IsNotNull))
            sql.Text(" AND ").Compare("v.value", term);
        sql.Text(")");
    }

    private static void Dataset(FilterTerm term, FilterSql sql)
    {
        var column = term.Key == "context" ? "i.context" : "d." + term.Key;
        var none = term.Operator == FilterOperator.IsNull;
        sql.Text(none ? "NOT EXISTS" : "EXISTS").Text(" (SELECT 1 FROM tracking.dataset_inputs i JOIN tracking.run_datasets d ON d.no = i.dataset_no WHERE i.run_no = r.no AND ");
        if (none)
            sql.Text(column).Text(" IS NOT NULL");
        else
            sql.Compare(column, term);
        sql.Text(")");
    }
}
