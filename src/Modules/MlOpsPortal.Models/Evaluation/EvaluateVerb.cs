using System.Text.Json;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics.Baselines;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>What the child is told.</summary>
/// <param name="HasTraining">Is the training version staged too, for constant and heuristic?</param>
/// <param name="HeuristicColumn">The project's one column whose shares score the heuristic; null for none.</param>
internal sealed record EvaluateSpec(
    ModelSignature Signature, ModelContract Contract, double? Threshold, BootstrapPlan Plan, bool HasTraining, string? HeuristicColumn);

/// <summary>What the child answers; the predictions are a file beside it.</summary>
internal sealed record EvaluateAnswer(int Rows, EvaluationReport Report);

/// <summary>Scores a dataset version and measures, in the child.</summary>
internal sealed class EvaluateVerb : IJobVerb
{
    public const string Name = "models.evaluate";
    public const string ModelFile = "model.onnx";
    public const string DataFile = "data.parquet";
    public const string TrainingFile = "training.parquet";
    public const string PredictionsFile = "predictions.csv";

    public Result<JsonElement> Run(ChildRequest request, IProgress<JobProgress> progress)
    {
        var spec = request.Read<EvaluateSpec>();
        try
        {
            var answer = Evaluate(request, spec, progress);
            return JsonSerializer.SerializeToElement(answer, PortalJson.Options);
        }
        catch (UnfitRowException unfit)
        {
            return unfit.Refusal;
        }
        catch (DuckDbException exception)
        {
            return ModelsErrors.Unprocessable("models.data_unreadable", DatasetScorer.Shorten(exception.Message));
        }
    }

    private static EvaluateAnswer Evaluate(ChildRequest request, EvaluateSpec spec, IProgress<JobProgress> progress)
    {
        var data = request.Input(DataFile);
        string[] allowed = spec.HasTraining ? [data, request.Input(TrainingFile)] : [data];
        using var connection = DuckDbConnection.OpenInMemory();
        DuckDbSandbox.Close(connection, allowed, request.Spill);
        progress.Report(new JobProgress("models.step_load", 0));
        using var session = OnnxSession.LoadFile(request.Input(ModelFile), OnnxSessionOptions.Evaluation);
        var rows = DatasetScorer.Score(session, spec.Signature, spec.Contract, connection, data, new Scaled(progress));
        var baselines = spec.HasTraining ? Baselines.Measure(connection, request.Input(TrainingFile), data, spec.Contract, spec.HeuristicColumn) : null;
        progress.Report(new JobProgress("models.step_measure", 0.5));
        var report = Measure(rows, spec) with { Constant = baselines?.Constant, Heuristic = baselines?.Heuristic };
        Predictions.Write(request.Output(PredictionsFile), rows, baselines?.HeuristicScores);
        return new EvaluateAnswer(rows.Predicted.Length, report);
    }

    private static EvaluationReport Measure(ScoredRows rows, EvaluateSpec spec) => spec.Contract.Task == MlTask.Binary
        ? new EvaluationReport(BinaryMetrics.Evaluate(Predictions.Truth(rows.Actual), rows.Predicted, spec.Threshold ?? 0.5, spec.Plan), null)
        : new EvaluationReport(null, RegressionMetrics.Evaluate(rows.Actual, rows.Predicted, spec.Plan));

    private sealed class Scaled(IProgress<JobProgress> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new JobProgress("models.step_score", value / 2));
    }
}

/// <summary>All that is said of one version on one dataset version: one of the two reports, and what a model has to beat.</summary>
public sealed record EvaluationReport(BinaryReport? Binary, RegressionReport? Regression)
{
    /// <summary>Share of positives, or mean outcome, of the training version; null when training is not given.</summary>
    public double? Constant { get; init; }

    /// <summary>The heuristic of one column, as it was learnt from the training version.</summary>
    public HeuristicBaseline? Heuristic { get; init; }
}

/// <param name="Column">The project's one column.</param>
public sealed record HeuristicBaseline(string Column, CategoryBaseline Learnt);
