using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Monitoring.KpiTracking.Sql;

/// <summary>One of the two queries.</summary>
/// <param name="field">numerator or denominator: where a fault is shown.</param>
internal sealed class KpiQuery(DuckDbConnection db, string field, string text)
{
    private static readonly ImmutableHashSet<DuckDbType> Numbers =
    [
        DuckDbType.TinyInt, DuckDbType.SmallInt, DuckDbType.Integer, DuckDbType.BigInt, DuckDbType.HugeInt, DuckDbType.UTinyInt, DuckDbType.USmallInt, DuckDbType.UInteger,
        DuckDbType.UBigInt, DuckDbType.UHugeInt, DuckDbType.Float, DuckDbType.Double, DuckDbType.Decimal,
    ];

    private readonly string sql = text.TrimEnd().TrimEnd(';');
    private IReadOnlyList<string> parameters = [];

    /// <summary>The rows of the last period that was read with a preview.</summary>
    public QueryPreview? Preview { get; private set; }

    /// <summary>Inside parentheses only a query can stand: PRAGMA and its kin pass for one when they are prepared alone.</summary>
    private string Enclosed => $"SELECT * FROM (\n{sql}\n) LIMIT 0";

    /// <returns>What is wrong with it as it stands; null when it can be run.</returns>
    public FieldFault? Check() => Refused() ?? Misnamed() ?? Misshapen();

    private FieldFault? Refused()
    {
        try
        {
            if (db.StatementOf(sql) != DuckDbStatement.Select)
                return NoQuery();
            parameters = db.ParametersOf(sql);
            return null;
        }
        catch (DuckDbException refused)
        {
            // Several statements, or none, are invalid input. What names something unknown may still be no query at all.
            var kind = DuckDbError.Of(refused, sql).Kind;
            return kind == "Invalid Input" || (kind != "Parser" && EnclosedFault() == "Parser") ? NoQuery() : Explain(refused);
        }
    }

    private FieldFault? Misnamed() =>
        parameters.FirstOrDefault(name => name is not ("from" or "to")) is { } unknown ? new FieldFault(field, "monitoring.kpi_parameter", unknown) : null;

    private FieldFault? Misshapen()
    {
        if (EnclosedFault() == "Parser")
            return NoQuery();
        try
        {
            using var reader = db.Query(Enclosed, Values(new Period(new DateOnly(2000, 1, 1), new DateOnly(2001, 1, 1))));
            if (reader.Columns.Count != 1)
                return new FieldFault(field, "monitoring.kpi_columns", reader.Columns.Count.ToString(CultureInfo.InvariantCulture));
            return Numbers.Contains(reader.Columns[0].Type) ? null : new FieldFault(field, "monitoring.kpi_no_number", reader.Columns[0].Type.ToString().ToUpperInvariant());
        }
        catch (DuckDbException refused)
        {
            return Explain(refused, shift: 1);
        }
    }

    /// <returns>The kind of fault; null when it can be prepared.</returns>
    private string? EnclosedFault()
    {
        try
        {
            db.StatementOf(Enclosed);
            return null;
        }
        catch (DuckDbException refused)
        {
            return DuckDbError.Of(refused, Enclosed).Kind;
        }
    }

    private FieldFault NoQuery() => new(field, "monitoring.kpi_not_a_query");

    /// <summary>Its number for a period; or what broke it, which ends the run.</summary>
    public (Reading? Reading, FieldFault? Broken) Read(Period period, int previewRows)
    {
        try
        {
            using var reader = db.Query(sql, Values(period));
            var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
            Reading? first = null;
            var count = 0;
            while (count <= Math.Max(previewRows, 1) && reader.Read())
            {
                first ??= Number(reader);
                if (count++ < previewRows)
                    rows.Add([Shown(reader)]);
            }

            if (previewRows > 0)
                Preview = new QueryPreview([.. reader.Columns.Select(column => column.Name)], rows.ToImmutable(), count > previewRows);
            return (count switch
            {
                0 => None("monitoring.kpi_no_row"),
                1 => first,
                _ => None("monitoring.kpi_many_rows"),
            }, null);
        }
        catch (DuckDbException refused) when (!refused.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase))
        {
            return (null, Explain(refused));
        }
    }

    private Reading Number(DuckDbReader reader)
    {
        if (reader.IsNull(0))
            return None("monitoring.kpi_null");
        try
        {
            return reader.Columns[0].Type switch
            {
                DuckDbType.Decimal => new(reader.GetDecimal(0), null),
                DuckDbType.Float or DuckDbType.Double => double.IsFinite(reader.GetDouble(0)) ? new(Exact(reader.GetDouble(0)), null) : None("monitoring.kpi_not_finite"),
                DuckDbType.HugeInt => new((decimal)reader.GetInt128(0), null),
                DuckDbType.UHugeInt => new((decimal)(UInt128)reader.GetValue(0)!, null), // not null, asked above
                DuckDbType.UBigInt => new((ulong)reader.GetValue(0)!, null),
                _ => new(reader.GetInt64(0), null),
            };
        }
        catch (OverflowException)
        {
            return None("monitoring.kpi_too_large");
        }
    }

    /// <summary>All digits that tell the double from its neighbours; the cast keeps 15 only.</summary>
    private static decimal Exact(double value) => decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private Reading None(string code) => new(null, new FieldFault(field, code, field));

    private static string? Shown(DuckDbReader reader) => reader.IsNull(0) ? null : Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture);

    private object?[] Values(Period period) => [.. parameters.Select(object? (name) => name == "from" ? period.From : period.To)];

    /// <param name="shift">Lines that stand before the person's own text.</param>
    private FieldFault Explain(DuckDbException refused, int shift = 0)
    {
        var asked = shift == 0 ? sql : Enclosed;
        var error = DuckDbError.Of(refused, asked);
        var sentence = error.Text.ReplaceLineEndings(" ").TrimEnd('!', '.');
        if (error.Kind == "Permission")
            return new FieldFault(field, "monitoring.kpi_not_allowed");
        if (error.Offset is not { } offset)
            return new FieldFault(field, "monitoring.kpi_sql", sentence);
        var (line, column) = DuckDbError.Place(asked, offset);
        return new FieldFault(field, "monitoring.kpi_sql_at", (line - shift).ToString(CultureInfo.InvariantCulture), column.ToString(CultureInfo.InvariantCulture), sentence);
    }
}
