using System.Globalization;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>Runs a request's rows through a loaded model: one row over rented memory without allocating, more as one batch.</summary>
internal static class ScoreRows
{
    /// <summary>Fills <see cref="ScoringSlot.Answers"/>, one per row.</summary>
    /// <exception cref="OnnxException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public static void Run(LoadedModel model, RowCells cells, Span<double> answers, CancellationToken deadline)
    {
        if (model.Rows is { } rows && (cells.Rows == 1 || model.OneByOne))
            for (var row = 0; row < cells.Rows; row++)
                answers[row] = RunOne(model, rows, cells, row, deadline);
        else
            RunBatch(model, cells, answers, deadline);
    }

    private static double RunOne(LoadedModel model, OnnxRowPool rows, RowCells cells, int row, CancellationToken deadline)
    {
        using var rented = rows.Rent();
        foreach (var feature in model.Plan.Features)
            Place(rented, feature, cells, row);
        rented.Run(deadline);
        return model.Answer.Kind switch
        {
            AnswerKind.Floats => At(rented.Floats(0), model.Answer.Column),
            AnswerKind.Doubles => At(rented.Doubles(0), model.Answer.Column),
            AnswerKind.Wholes => At(rented.Int64s(0), model.Answer.Column),
            AnswerKind.Map => At(rented.Read(0).Floats, model.Answer.Column),
            _ => throw new ArgumentOutOfRangeException(nameof(model), model.Answer.Kind, "A kind of answer that is not read."),
        };
    }

    private static T At<T>(ReadOnlySpan<T> values, int column) =>
        column < values.Length ? values[column] : throw new OnnxException($"The output has {values.Length} values a row, the contract reads number {column}.");

    private static void Place(OnnxRow target, PlannedFeature feature, RowCells cells, int row)
    {
        switch (feature.Element)
        {
            case OnnxElementType.Float:
                target.Set(feature.Input, (float)cells.Real(row, feature.Index), feature.Column);
                break;
            case OnnxElementType.Double:
                target.Set(feature.Input, cells.Real(row, feature.Index), feature.Column);
                break;
            case OnnxElementType.Int64:
                target.Set(feature.Input, cells.Whole(row, feature.Index), feature.Column);
                break;
            case OnnxElementType.Int32:
                target.Set(feature.Input, (int)cells.Whole(row, feature.Index), feature.Column);
                break;
            case OnnxElementType.Bool:
                target.Set(feature.Input, cells.Whole(row, feature.Index) != 0, feature.Column);
                break;
            case OnnxElementType.String:
                target.Set(feature.Input, cells.Text(row, feature.Index), feature.Column);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(feature), feature.Element, "An input that is not written.");
        }
    }

    private static void RunBatch(LoadedModel model, RowCells cells, Span<double> answers, CancellationToken deadline)
    {
        var values = BatchScorer.Run(model.Session, model.Plan, cells, deadline).ToDoubles();
        var width = values.Length / cells.Rows;
        if (values.Length != width * cells.Rows || model.Answer.Column >= width)
            throw new OnnxException(string.Create(CultureInfo.InvariantCulture, $"The output has {values.Length} values for {cells.Rows} rows."));
        for (var row = 0; row < cells.Rows; row++)
            answers[row] = values[(row * width) + model.Answer.Column];
    }
}
