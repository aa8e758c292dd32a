using System.Collections.Immutable;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Evaluation.Breakdown;

/// <summary>What of a dataset version is broken down.</summary>
/// <param name="Slices">By the groups of every column that has some?</param>
/// <param name="Sensitive">Attributes whose groups are compared as Fairlearn does.</param>
/// <param name="Importance">Null for none.</param>
internal sealed record BreakdownSpec(bool Slices, ImmutableArray<string> Sensitive, ImportanceSpec? Importance);

/// <param name="Rows">At most so many, drawn by the seed; null for as many as the budget of model runs gives.</param>
internal sealed record ImportanceSpec(int Repeats, int? Rows);

/// <summary>Breaks an evaluation down, in the child.</summary>
internal static class BreakdownRun
{
    private const int MaxColumns = 100;

    /// <exception cref="UnfitRowException">A sensitive attribute is not there, or has no groups.</exception>
    public static EvaluationBreakdown Of(DuckDbConnection connection, string data, ScoredRows rows, EvaluateSpec spec, Action<double> progress)
    {
        var columns = Columns(connection, data, spec.Contract);
        var slices = ImmutableArray.CreateBuilder<SliceColumn>();
        var fairness = new Dictionary<string, Statistics.Fairness.FairnessReport>(StringComparer.Ordinal);
        if (spec.Breakdown!.Sensitive.FirstOrDefault(name => columns.All(column => column.Name != name)) is { } unknown) // asked only with a breakdown
            throw new UnfitRowException("models.sensitive_column", unknown);
        for (var index = 0; index < columns.Count; index++)
        {
            var isSensitive = spec.Breakdown.Sensitive.Contains(columns[index].Name, StringComparer.Ordinal);
            if (!isSensitive && (!spec.Breakdown.Slices || index >= MaxColumns))
                continue;
            if (GroupColumn.Read(connection, data, columns[index]) is not { } groups)
            {
                if (isSensitive)
                    throw new UnfitRowException("models.sensitive_groups", columns[index].Name);
                continue;
            }

            if (spec.Breakdown.Slices)
                slices.Add(Slicer.Slice(groups, rows, spec));
            if (isSensitive)
                fairness[groups.Column] = Slicer.Fairness(groups, rows, spec.Threshold ?? 0.5);
            progress((index + 1) / (double)columns.Count);
        }

        return new EvaluationBreakdown(slices.ToImmutable(), [.. spec.Breakdown.Sensitive.Distinct(StringComparer.Ordinal).Select(name => fairness[name])], null);
    }

    private static List<DuckDbColumn> Columns(DuckDbConnection connection, string data, ModelContract contract)
    {
        using var head = connection.Query($"SELECT * FROM read_parquet({DuckDbSql.Literal(data)}) LIMIT 0");
        // Groups of a numeric outcome are groups of the answer: nothing a model could be judged by.
        return [.. head.Columns.Where(column => column.Name != contract.Target || contract.Task == MlTask.Multiclass)];
    }
}
