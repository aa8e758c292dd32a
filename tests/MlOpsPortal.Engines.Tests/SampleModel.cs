using System.Globalization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Engines.Tests;

/// <summary>A model of the samples with its test rows as inputs and the published answer for each row.</summary>
internal sealed class SampleModel
{
    /// <summary>Columns of the test file that no model reads.</summary>
    private static readonly string[] Targets = ["target", "income_over_50k", "bad", "cnt", "visited_within_14_days"];

    private readonly string _folder;
    private readonly string _name;

    internal SampleModel(string folder, string name)
    {
        _folder = folder;
        _name = name;
    }

    internal static TheoryData<string, string> All { get; } = Find();

    internal byte[] Bytes => File.ReadAllBytes(Samples.File(_folder, "models", _name + ".onnx"));

    /// <summary>The test rows, laid out as the model's inputs ask: one tensor of all columns, or one input per column.</summary>
    internal List<OnnxInput> Inputs(OnnxSession session)
    {
        using var connection = Open();
        if (session.Inputs.Count > 1)
            return [.. session.Inputs.Select(input => Column(connection, input))];
        var values = Floats(connection);
        var columns = session.Inputs[0].Shape[1];
        return [OnnxInput.Floats(session.Inputs[0].Name, values, values.Length / columns, columns)];
    }

    /// <summary>All feature columns as one block, row after row.</summary>
    internal float[] Floats()
    {
        using var connection = Open();
        return Floats(connection);
    }

    /// <summary>What the established library said of each row.</summary>
    internal double[] Published() =>
        [.. File.ReadLines(Samples.File(_folder, "predictions", _name + ".csv")).Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];

    /// <summary>The positive class's probability or the predicted number, whichever way the model gives it.</summary>
    internal static double[] Answers(IReadOnlyList<OnnxOutput> outputs)
    {
        var last = outputs[^1];
        var columns = last.Shape.Count > 1 ? (int)last.Shape[1] : 1;
        var values = last.ToDoubles();
        return [.. values.Where((_, index) => index % columns == columns - 1)];
    }

    private static float[] Floats(DuckDbConnection connection)
    {
        var columns = Names(connection).Except(Targets, StringComparer.Ordinal).Select(column => $"{DuckDbSql.Identifier(column)}::DOUBLE");
        return [.. Rows(connection, string.Join(", ", columns)).SelectMany(row => row.Select(value => (float)(double)value!))];
    }

    private static OnnxInput Column(DuckDbConnection connection, OnnxValueInfo input)
    {
        var name = DuckDbSql.Identifier(input.Name);
        switch (input.ElementType)
        {
            case OnnxElementType.Int64:
                var integers = Rows(connection, name + "::BIGINT").Select(row => (long)row[0]!).ToArray();
                return OnnxInput.Int64s(input.Name, integers, integers.Length, 1);
            case OnnxElementType.Float:
                var floats = Rows(connection, name + "::DOUBLE").Select(row => (float)(double)(row[0] ?? double.NaN)).ToArray();
                return OnnxInput.Floats(input.Name, floats, floats.Length, 1);
            case OnnxElementType.String:
                var texts = Rows(connection, name + "::VARCHAR").Select(row => (string)row[0]!).ToArray();
                return OnnxInput.Strings(input.Name, texts, texts.Length, 1);
            default:
                throw new NotSupportedException($"{input}");
        }
    }

    private DuckDbConnection Open()
    {
        var connection = DuckDbConnection.OpenInMemory();
        connection.Execute($"CREATE TABLE t AS SELECT * FROM read_csv({DuckDbSql.Literal(Samples.File(_folder, "test.csv"))})");
        return connection;
    }

    private static IEnumerable<string> Names(DuckDbConnection connection)
    {
        using var reader = connection.Query("SELECT * FROM t LIMIT 0");
        return reader.Columns.Select(column => column.Name);
    }

    private static List<object?[]> Rows(DuckDbConnection connection, string columns)
    {
        var rows = new List<object?[]>();
        using var reader = connection.Query($"SELECT {columns} FROM t ORDER BY rowid");
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.Columns.Count).Select(reader.GetValue)]);
        return rows;
    }

    private static TheoryData<string, string> Find()
    {
        var found = new TheoryData<string, string>();
        foreach (var folder in (string[])["breast_cancer", "adult", "german_credit", "diabetes", "bike", "retail/response_model"])
        {
            foreach (var file in Directory.GetFiles(Samples.File(folder, "models"), "*.onnx").Order(StringComparer.Ordinal))
                found.Add(folder, Path.GetFileNameWithoutExtension(file));
        }

        return found;
    }
}
