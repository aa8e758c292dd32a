using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.KpiTracking.Sql;

/// <summary>What the child is told.</summary>
/// <param name="Periods">Empty: the queries are only checked, over inputs without rows.</param>
/// <param name="SampleRows">Of each input and period at most so many rows are seen; null for all.</param>
/// <param name="PreviewRows">How many of a query's rows come back as text.</param>
internal sealed record MeasureSpec(
    ImmutableArray<StagedInput> Inputs, string Numerator, string? Denominator, ImmutableArray<Period> Periods, long? SampleRows = null, int PreviewRows = 0);

/// <summary>A file in <c>in/</c> under the name that the SQL uses.</summary>
/// <param name="File">Null: a table without rows.</param>
/// <param name="Csv">Written by the portal, every column as <paramref name="Columns"/> say; otherwise Parquet.</param>
/// <param name="DateColumn">The SQL sees the rows of the period by this column; null for all.</param>
internal sealed record StagedInput(string Name, string? File, bool Csv, ImmutableArray<StagedColumn> Columns, string? DateColumn);

/// <param name="Type">In DuckDB's words: BIGINT, DOUBLE, BOOLEAN, VARCHAR, DATE, TIMESTAMP.</param>
internal sealed record StagedColumn(string Name, string Type);

/// <param name="Inputs">As many as were staged, in their order.</param>
internal sealed record MeasureAnswer(ImmutableArray<PeriodOutcome> Outcomes, ImmutableArray<InputRows> Inputs, QueryPreview? Numerator, QueryPreview? Denominator);

/// <param name="Rows">In the file.</param>
/// <param name="Sampled">There were more rows in the period than the sample takes.</param>
internal sealed record InputRows(string Name, long Rows, bool Sampled);

/// <summary>What a query gave, as text.</summary>
/// <param name="More">There are more rows than are shown.</param>
public sealed record QueryPreview(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string?>> Rows, bool More);
