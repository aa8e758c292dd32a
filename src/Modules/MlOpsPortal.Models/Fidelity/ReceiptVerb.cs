using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Fidelity;

/// <summary>What the child is told.</summary>
/// <param name="Tolerance">In probability; for a regression in standard deviations of the target.</param>
internal sealed record ReceiptSpec(ModelSignature Signature, ModelContract Contract, double Tolerance, double RefuseAboveShare);

/// <summary>Scores a dataset version through the contract and compares with the library's own answers, row by row, in the child.</summary>
internal sealed class ReceiptVerb : IJobVerb
{
    public const string Name = "models.receipt";
    public const string NativeFile = "native.csv";

    public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
    {
        var spec = request.Read<ReceiptSpec>();
        try
        {
            return JsonSerializer.SerializeToElement(Measure(request, spec, progress), PortalJson.Options);
        }
        catch (UnfitRowException unfit)
        {
            return unfit.Refusal;
        }
        catch (DuckDbException exception)
        {
            return ModelsErrors.Unprocessable("models.predictions_unreadable", DatasetScorer.Shorten(exception.Message));
        }
    }

    private static FidelityReceipt Measure(ChildRequest request, ReceiptSpec spec, IProgress<JobProgress> progress)
    {
        if (spec.Contract.Task == MlTask.Multiclass)
            throw new UnfitRowException("models.receipt_classes");
        var (data, native) = (request.Input(EvaluateVerb.DataFile), request.Input(NativeFile));
        using var connection = DuckDbConnection.OpenInMemory();
        DuckDbSandbox.Close(connection, [data, native], request.Spill);
        var theirs = NativeColumn.Read(connection, native);
        progress.Report(new JobProgress("models.step_load", 0));
        using var session = OnnxSession.LoadFile(request.Input(EvaluateVerb.ModelFile), OnnxSessionOptions.Evaluation);
        var rows = DatasetScorer.Score(session, spec.Signature, spec.Contract, connection, data, new Whole(progress));
        var ours = new double[theirs.Rows.Count];
        for (var index = 0; index < ours.Length; index++)
            ours[index] = theirs.Rows[index] is >= 0 and var row && row < rows.Actual.Length
                ? rows.Predicted[row]
                : throw new UnfitRowException("models.native_row", theirs.Rows[index].ToString(CultureInfo.InvariantCulture), rows.Actual.Length.ToString(CultureInfo.InvariantCulture));
        var receipt = FidelityCheck.Compare(ours, [.. theirs.Values], Rule(spec, rows.Actual));
        return receipt with { Worst = [.. receipt.Worst.Select(worst => worst with { Row = (int)theirs.Rows[worst.Row] })] };
    }

    private static FidelityRule Rule(ReceiptSpec spec, double[] actual)
    {
        if (spec.Contract.Task != MlTask.Regression)
            return new FidelityRule(spec.Tolerance, spec.RefuseAboveShare);
        var mean = actual.Average();
        var deviation = Math.Sqrt(actual.Sum(value => (value - mean) * (value - mean)) / actual.Length);
        return new FidelityRule(spec.Tolerance * deviation, spec.RefuseAboveShare);
    }

    private sealed class Whole(IProgress<JobProgress> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new JobProgress("models.step_score", value));
    }
}

/// <summary>The library's answers, by row number of the dataset version.</summary>
internal sealed record NativeColumn(List<long> Rows, List<double> Values)
{
    /// <summary>Best first: a column that says it is the library's own beats one that may be an earlier export's.</summary>
    private static readonly string[] Names = ["native_probability", "native_prediction", "probability", "prediction"];

    /// <exception cref="UnfitRowException">No such column, a row twice, a value that is no number.</exception>
    public static NativeColumn Read(DuckDbConnection connection, string path)
    {
        var file = $"read_csv({DuckDbSql.Literal(path)}, header = true, all_varchar = true, auto_detect = true, max_line_size = 100000)";
        string[] columns;
        using (var head = connection.Query($"SELECT * FROM {file} LIMIT 0"))
            columns = [.. head.Columns.Select(column => column.Name)];
        var value = Array.Find(Names, columns.Contains) ?? throw new UnfitRowException("models.native_columns", string.Join(", ", columns.Take(10)));
        var number = columns.Contains("row", StringComparer.Ordinal) ? DuckDbSql.Identifier("row") : "NULL::VARCHAR";
        var native = new NativeColumn([], []);
        var seen = new HashSet<long>();
        using var reader = connection.Query($"SELECT {number}, {DuckDbSql.Identifier(value)} FROM {file}");
        while (reader.Read())
        {
            var line = native.Rows.Count;
            if (line >= DatasetScorer.MaxRows)
                throw new UnfitRowException("models.too_many_rows", line.ToString(CultureInfo.InvariantCulture), DatasetScorer.MaxRows.ToString(CultureInfo.InvariantCulture));
            var row = reader.IsNull(0) ? line : Parse<long>(reader.GetString(0), line, "row");
            if (!seen.Add(row))
                throw new UnfitRowException("models.native_twice", row.ToString(CultureInfo.InvariantCulture));
            native.Rows.Add(row);
            native.Values.Add(reader.IsNull(1) ? double.NaN : Parse<double>(reader.GetString(1), line, value));
        }

        return native.Rows.Count > 0 ? native : throw new UnfitRowException("models.no_rows");
    }

    private static T Parse<T>(string text, int line, string column)
        where T : ISpanParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
            : throw new UnfitRowException("models.native_value", (line + 2).ToString(CultureInfo.InvariantCulture), column, DatasetScorer.Shorten(text));
}
