using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Datasets.Splitting;

public enum SplitMethod
{
    /// <summary>Rows drawn at random, the same for the same seed.</summary>
    Random,

    /// <summary>At random within each value of a column, so that every part has its share of each.</summary>
    Stratified,

    /// <summary>The oldest rows train, the newest test; rows of the same moment stay together.</summary>
    Time,
}

/// <summary>How one version becomes several.</summary>
/// <param name="Training">Share of the rows, 0..1; the three add up to 1, training and test are not 0.</param>
/// <param name="Column">To stratify or to order by.</param>
/// <param name="Seed">For what is drawn; recorded with the versions.</param>
public sealed record SplitPlan(SplitMethod Method, double Training, double Validation, double Test, string? Column, long Seed)
{
    [JsonIgnore]
    public ImmutableArray<(DatasetRole Role, double Share)> Parts =>
        [.. new[] { (DatasetRole.Training, Training), (DatasetRole.Validation, Validation), (DatasetRole.Test, Test) }.Where(part => part.Item2 > 0)];

    public Validation? Check(ImmutableArray<ColumnSchema> columns) =>
        new Faults()
            .When(Training is not (> 0 and < 1), "training", "datasets.share").When(Test is not (> 0 and < 1), "test", "datasets.share")
            .When(Validation is not (>= 0 and < 1), "validation", "datasets.share")
            .When(Math.Abs(Training + Validation + Test - 1) > 1e-9, "test", "datasets.shares_sum")
            .When(Method != SplitMethod.Random && !columns.Any(column => column.Name == Column), "column", "datasets.no_such_column", Column ?? "")
            .When(Method == SplitMethod.Time && columns.Any(column => column.Name == Column && column.Type is (ColumnType.Boolean or ColumnType.Text)), "column", "datasets.not_a_time", Column ?? "")
            .Refusal;
}

/// <param name="Columns">Of <c>in/data.parquet</c>.</param>
internal sealed record SplitSpec(SplitPlan Plan, ImmutableArray<ColumnSchema> Columns, ImmutableArray<Expectation> Expectations);
