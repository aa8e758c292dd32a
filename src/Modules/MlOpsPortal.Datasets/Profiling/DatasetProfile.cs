using System.Collections.Immutable;

namespace MlOpsPortal.Datasets.Profiling;

/// <summary>What a column holds. Every file's own types become one of these.</summary>
public enum ColumnType
{
    /// <summary>64-bit whole numbers.</summary>
    Integer,

    /// <summary>Doubles. NaN counts as missing.</summary>
    Number,
    Boolean,
    Text,
    Date,

    /// <summary>UTC, microseconds.</summary>
    Timestamp,
}

/// <summary>A column of a version, in the order of the file.</summary>
public sealed record ColumnSchema(string Name, ColumnType Type, bool HasMissing);

/// <summary>Exact figures of a version. Computed once, when it was read.</summary>
/// <param name="DuplicateRows">Rows that repeat an earlier one in all columns, found by 128-bit fingerprints.</param>
/// <param name="Correlations">Pearson's, between numeric columns, of rows that have both; only for up to 40 numeric columns.</param>
public sealed record DatasetProfile(long Rows, long DuplicateRows, ImmutableArray<ColumnProfile> Columns, ImmutableArray<Correlation> Correlations);

/// <summary>One column's figures. What does not apply to its type is null; what cannot be computed (a skewness of two values) is null too.</summary>
/// <param name="Distinct">Different values, the missing one not counted.</param>
/// <param name="Top">The ten most frequent values, ties by text; empty for numbers with more than 50 values.</param>
public sealed record ColumnProfile(
    string Name, ColumnType Type, long Missing, long Distinct, NumberProfile? Number, TextProfile? Text, RangeProfile? Range, ImmutableArray<ValueCount> Top);

/// <summary>Figures over the finite values of a numeric column.</summary>
/// <param name="StandardDeviation">Of the sample (n - 1).</param>
/// <param name="Infinite">Values that are plus or minus infinity: counted, left out of everything else.</param>
/// <param name="Quantiles">Linear interpolation (Hyndman and Fan, type 7).</param>
/// <param name="Skewness">Bias-corrected (G1).</param>
/// <param name="Kurtosis">Excess, bias-corrected (G2).</param>
/// <param name="Histogram">20 bins of equal width, [a, b), the last one closed.</param>
public sealed record NumberProfile(
    double Min, double Max, double Mean, double? StandardDeviation, double Sum, long Zeros, long Negative, long Infinite,
    ImmutableArray<Quantile> Quantiles, double? Skewness, double? Kurtosis, Histogram Histogram);

/// <param name="Share">0..1</param>
public sealed record Quantile(double Share, double Value);

/// <param name="Edges">One more than counts.</param>
public sealed record Histogram(ImmutableArray<double> Edges, ImmutableArray<long> Counts);

/// <summary>Lengths in characters.</summary>
public sealed record TextProfile(long MinLength, long MaxLength, double MeanLength);

/// <summary>First and last date or moment, ISO 8601.</summary>
public sealed record RangeProfile(string Min, string Max);

public sealed record ValueCount(string Value, long Count);

public sealed record Correlation(string A, string B, double? Pearson);
