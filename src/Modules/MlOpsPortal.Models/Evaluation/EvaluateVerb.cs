using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Engines.OnnxRuntime;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Json;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Baselines;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Multiclass;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Models.Evaluation;

/// <summary>What the child is told.</summary>
/// <param name="HasTraining">Is the training version staged too, for constant and heuristic?</param>
/// <param name="HeuristicColumn">The project's one column whose shares score the heuristic; null for none.</param>
/// <param name="Signature">Of the file; null for a version that is not run.</param>
internal sealed record EvaluateSpec(
    ModelSignature? Signature, ModelContract Contract, double? Threshold, BootstrapPlan Plan, bool HasTraining, string? HeuristicColumn)
{
    /// <summary>Predictions that were made elsewhere: then no model is staged.</summary>
    public SentSpec? Sent { get; init; }

    /// <summary>Null for none.</summary>
    public BreakdownSpec? Breakdown { get; init; }
}

/// <summary>What the child answers; the predictions are a file beside it.</summary>
internal sealed record EvaluateAnswer(int Rows, EvaluationReport Report)
{
    public EvaluationBreakdown? Breakdown { get; init; }
}

/// <summary>Scores a dataset version and measures, in the child.</summary>
internal sealed class EvaluateVerb : IJobVerb
{
    public const string Name = "models.evaluate";
    public const string ModelFile = "model.onnx";
    public const string DataFile = "data.parquet";
    public const string TrainingFile = "training.parquet";
    public const string SentFile = "sent.predictions";
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
        string[] allowed = [data, .. spec.HasTraining ? [request.Input(TrainingFile)] : Array.Empty<string>(), .. spec.Sent is null ? Array.Empty<string>() : [request.Input(SentFile)]];
        using var connection = DuckDbConnection.OpenInMemory();
        DuckDbSandbox.Close(connection, allowed, request.Spill);
        progress.Report(new JobProgress("models.step_load", 0));
        using var session = spec.Sent is null ? OnnxSession.LoadFile(request.Input(ModelFile), OnnxSessionOptions.Evaluation) : null;
        var rows = spec.Sent is { } sent ? SentPredictions.Read(connection, request.Input(SentFile), data, spec.Contract, sent)
            : DatasetScorer.Score(session!, spec.Signature!, spec.Contract, connection, data, new Scaled(progress, "models.step_score", 0, 0.4)); // without sent predictions both are there
        var baselines = spec.HasTraining ? Baselines.Measure(connection, request.Input(TrainingFile), data, spec.Contract, spec.HeuristicColumn) : null;
        progress.Report(new JobProgress("models.step_measure", 0.4));
        var report = Measure(rows, spec) with { Constant = baselines?.Constant, ConstantShares = baselines?.Shares, Heuristic = baselines?.Heuristic };
        Predictions.Write(request.Output(PredictionsFile), rows, baselines?.HeuristicScores);
        return new EvaluateAnswer(rows.Actual.Length, report) { Breakdown = spec.Breakdown is null ? null : BreakDown(session, connection, data, rows, spec, progress) };
    }

    private static EvaluationBreakdown BreakDown(OnnxSession? session, DuckDbConnection connection, string data, ScoredRows rows, EvaluateSpec spec, IProgress<JobProgress> progress)
    {
        var slices = new Scaled(progress, "models.step_slice", 0.5, 0.7);
        var breakdown = BreakdownRun.Of(connection, data, rows, spec, slices.Report);
        return session is null || spec is not { Signature: { } signature, Breakdown.Importance: { } importance }
            ? breakdown
            : breakdown with
            {
                Importance = ImportanceRun.Measure(
                    session, signature, spec.Contract, connection, data, rows, importance, spec.Plan.Seed, new Scaled(progress, "models.step_importance", 0.7, 1)),
            };
    }

    private static EvaluationReport Measure(ScoredRows rows, EvaluateSpec spec) => spec.Contract.Task switch
    {
        MlTask.Binary => new EvaluationReport(BinaryMetrics.Evaluate(Predictions.Truth(rows.Actual), rows.Predicted, spec.Threshold ?? 0.5, spec.Plan), null),
        MlTask.Multiclass => new EvaluationReport(null, null)
        {
            Multiclass = MulticlassMetrics.Evaluate(Predictions.Classes(rows.Actual), rows.Predicted, spec.Contract.ClassNames, spec.Plan),
        },
        MlTask.Regression => new EvaluationReport(null, RegressionMetrics.Evaluate(rows.Actual, rows.Predicted, spec.Plan)),
        _ => throw new InvalidOperationException($"Nothing is measured for {spec.Contract.Task}."),
    };

    /// <summary>A step's own share within the whole.</summary>
    private sealed class Scaled(IProgress<JobProgress> progress, string step, double from, double to) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new JobProgress(step, from + (value * (to - from))));
    }
}

/// <summary>All that is said of one version on one dataset version: the report of its task, and what a model has to beat.</summary>
public sealed record EvaluationReport(BinaryReport? Binary, RegressionReport? Regression)
{
    public MulticlassReport? Multiclass { get; init; }

    /// <summary>Of whichever report there is.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, Metric> Metrics => Binary?.Metrics ?? Multiclass?.Metrics ?? Regression?.Metrics ?? ImmutableDictionary<string, Metric>.Empty;

    /// <summary>Several classes: their shares in the training version, in the contract's order; null when training is not given.</summary>
    public ImmutableArray<double>? ConstantShares { get; init; }

    [JsonIgnore]
    public bool HasBaseline => Constant is not null || ConstantShares is not null;

    /// <summary>Share of positives, or mean outcome, of the training version; null when training is not given.</summary>
    public double? Constant { get; init; }

    /// <summary>The heuristic of one column, as it was learnt from the training version.</summary>
    public HeuristicBaseline? Heuristic { get; init; }
}

/// <param name="Column">The project's one column.</param>
public sealed record HeuristicBaseline(string Column, CategoryBaseline Learnt);
