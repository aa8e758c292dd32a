using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>What the child is told.</summary>
/// <param name="MaxRows">Of more rows every k-th is taken, so that at most so many are.</param>
internal sealed record ReferenceSpec(ImmutableArray<ReferenceColumnSpec> Columns, long MaxRows);

/// <param name="IsNumber">Read as doubles; otherwise counted as texts.</param>
internal sealed record ReferenceColumnSpec(string Name, bool IsNumber);

/// <summary>What the child answers; the numbers are a file beside it, column after column.</summary>
internal sealed record ReferenceAnswer(long Rows, ImmutableArray<ReferenceColumnAnswer> Columns);

/// <param name="Values">How many doubles of it the file holds.</param>
/// <param name="Counts">Of a category.</param>
internal sealed record ReferenceColumnAnswer(string Name, bool IsNumber, long Missing, long Values, ImmutableArray<KeyValuePair<string, long>> Counts);

/// <summary>Reads the columns of a dataset version that windows are compared with, in the child: users' data meet DuckDB nowhere else.</summary>
internal sealed class ReferenceVerb : IJobVerb
{
    public const string Name = "monitoring-reference";
    public const string DataFile = "data.parquet";
    public const string NumbersFile = "numbers.bin";
    private const int MostValues = Statistics.Drift.CategorySample.MostValues + 1;

    public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
    {
        var spec = request.Read<ReferenceSpec>();
        try
        {
            using var db = DuckDbConnection.OpenInMemory();
            DuckDbSandbox.Close(db, [request.Input(DataFile)], request.Spill);
            return JsonSerializer.SerializeToElement(Read(request, db, spec), PortalJson.Options);
        }
        catch (DuckDbException exception)
        {
            return new Validation("monitoring.reference_unreadable", exception.Message.ReplaceLineEndings(" ")) { Kind = ValidationKind.Unprocessable };
        }
    }

    private static ReferenceAnswer Read(ChildRequest request, DuckDbConnection db, ReferenceSpec spec)
    {
        var file = DuckDbSql.Literal(request.Input(DataFile));
        var total = Count(db, $"SELECT count(*) FROM read_parquet({file})");
        var step = Math.Max(1, (total + spec.MaxRows - 1) / spec.MaxRows);
        var source = step == 1 ? $"read_parquet({file})" : $"(SELECT * FROM read_parquet({file}, file_row_number = true) WHERE file_row_number % {step} = 0)";
        var columns = ImmutableArray.CreateBuilder<ReferenceColumnAnswer>(spec.Columns.Length);
        using var numbers = new BufferedStream(File.Create(request.Output(NumbersFile)));
        foreach (var column in spec.Columns)
            columns.Add(column.IsNumber ? Numbers(db, source, column.Name, numbers) : Counts(db, source, column.Name));
        return new ReferenceAnswer(step == 1 ? total : Count(db, $"SELECT count(*) FROM {source}"), columns.ToImmutable());
    }

    private static ReferenceColumnAnswer Numbers(DuckDbConnection db, string source, string column, Stream numbers)
    {
        var name = DuckDbSql.Identifier(column);
        long values = 0, missing = 0;
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        using var reader = db.Query($"SELECT CAST({name} AS DOUBLE) FROM {source}");
        while (reader.Read())
        {
            if (reader.IsNull(0) || reader.GetDouble(0) is not (var value and >= double.MinValue and <= double.MaxValue))
            {
                missing++;
                continue;
            }

            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            numbers.Write(bytes);
            values++;
        }

        return new ReferenceColumnAnswer(column, IsNumber: true, missing, values, []);
    }

    private static ReferenceColumnAnswer Counts(DuckDbConnection db, string source, string column)
    {
        var name = DuckDbSql.Identifier(column);
        var missing = Count(db, $"SELECT count(*) FROM {source} WHERE {name} IS NULL");
        var counts = ImmutableArray.CreateBuilder<KeyValuePair<string, long>>();
        using var reader = db.Query($"SELECT CAST({name} AS VARCHAR), count(*) FROM {source} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MostValues}");
        while (reader.Read())
            counts.Add(new(reader.GetString(0), reader.GetInt64(1)));
        return new ReferenceColumnAnswer(column, IsNumber: false, missing, 0, counts.ToImmutable());
    }

    private static long Count(DuckDbConnection db, string sql)
    {
        using var reader = db.Query(sql);
        reader.Read();
        return reader.GetInt64(0);
    }
}
