using System.Collections.Immutable;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Drift;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>What scoring did in a window's time; null parts were not counted then.</summary>
internal sealed record ServiceCounts(long Requests, long Errors, long BadInput);

/// <summary>What a window is measured by.</summary>
/// <param name="Task">Null when no version of ours says; then outcomes of 0 and 1 alone count as binary.</param>
/// <param name="Threshold">Of a binary decision.</param>
internal sealed record WindowQuestion(EndpointMonitor Monitor, MlTask? Task, double Threshold, ServiceCounts? Service);

/// <summary>All numbers of one window. Pure: the same predictions against the same reference give the same scores.</summary>
internal sealed class WindowScores
{
    /// <summary>Bins of the distributions that are drawn.</summary>
    private const int ShapeBins = 20;
    private const int ShapeValues = 20;
    private static readonly string[] Binary = ["roc_auc", "average_precision", "log_loss", "brier", "ece", "ks", "accuracy", "precision", "recall", "f1"];
    private static readonly string[] Regression = ["rmse", "mae", "r2", "mape", "bias"];
    private readonly ImmutableArray<Score>.Builder scores = ImmutableArray.CreateBuilder<Score>();
    private readonly ImmutableArray<ColumnShape>.Builder shapes = ImmutableArray.CreateBuilder<ColumnShape>();
    private readonly ImmutableArray<ScoreBins>.Builder bins = ImmutableArray.CreateBuilder<ScoreBins>();
    private readonly WindowQuestion question;
    private readonly WindowData data;
    private readonly ReferenceData reference;

    private WindowScores(WindowQuestion question, WindowData data, ReferenceData reference) => (this.question, this.data, this.reference) = (question, data, reference);

    public static (ImmutableArray<Score> Scores, RunDetail Detail) Of(WindowQuestion question, WindowData data, ReferenceData reference)
    {
        var window = new WindowScores(question, data, reference);
        window.Service();
        for (var column = 0; column < data.Columns.Length; column++)
            window.Column(data.Plan.Columns[column].Name, data.Columns[column]);
        window.Predictions();
        window.Performance();
        return (window.scores.ToImmutable(), new RunDetail(window.shapes.ToImmutable(), window.bins.ToImmutable()));
    }

    /// <summary>Metrics of predictions against outcomes, by key.</summary>
    public static IReadOnlyDictionary<string, Metric> Metrics(bool isBinary, double threshold, IReadOnlyList<double> outputs, IReadOnlyList<double> outcomes) => isBinary
        ? BinaryMetrics.Evaluate([.. outcomes.Select(outcome => outcome > 0.5)], [.. outputs], threshold).Metrics
        : RegressionMetrics.Evaluate([.. outcomes], [.. outputs]).Metrics;

    /// <summary>The keys that are told of each kind of model.</summary>
    public static IReadOnlyList<string> Keys(bool isBinary) => isBinary ? Binary : Regression;

    public static bool IsBinary(MlTask? task, IReadOnlyList<double> outcomes) => task switch
    {
        MlTask.Binary => true,
        null => outcomes.All(outcome => outcome is 0 or 1),
        _ => false,
    };

    private void Service()
    {
        Add(MonitorSignal.Predictions, "count", data.Rows);
        if (question.Service is { Requests: > 0 } service)
        {
            Add(MonitorSignal.Requests, "count", service.Requests);
            Add(MonitorSignal.ErrorShare, "share", (double)service.Errors / service.Requests, service.Requests);
            Add(MonitorSignal.ContractViolationShare, "share", (double)service.BadInput / service.Requests, service.Requests);
        }
        else
        {
            Refuse(MonitorSignal.Requests, "count", Reasons.NoTraffic);
            Refuse(MonitorSignal.ErrorShare, "share", Reasons.NoTraffic);
            Refuse(MonitorSignal.ContractViolationShare, "share", Reasons.NoTraffic);
        }

        var latencies = NumericSample.Of([.. data.Latencies]);
        foreach (var (method, share) in new[] { ("p50", 0.5), ("p95", 0.95), ("p99", 0.99) })
            if (latencies.Count > 0)
                Add(MonitorSignal.Latency, method, latencies.Quantile(share) / 1000, latencies.Count);
            else
                Refuse(MonitorSignal.Latency, method, Reasons.NotMeasured);
        if (data.Rows > 0)
            Add(MonitorSignal.FallbackShare, "share", (double)data.Fallbacks / data.Rows, data.Rows);
        else
            Refuse(MonitorSignal.FallbackShare, "share", Reasons.TooFewRows);
        Add(MonitorSignal.RepeatedIds, "count", data.Repeated, data.Rows);
    }

    private void Column(string name, WindowColumn column)
    {
        if (column.Kind == ColumnKind.Number)
            Number(name, column, column.Numbers(), reference.Numbers.GetValueOrDefault(name));
        else
            Category(name, column, column.Texts(), reference.Categories.GetValueOrDefault(name));
    }

    private void Number(string name, WindowColumn column, NumericSample now, NumericSample? before)
    {
        Quality(name, column, before?.MissingShare, before?.Count ?? 0);
        if (Fault(before is null) is { } fault)
        {
            Refuse(MonitorSignal.OutOfRangeShare, "share", fault, name);
            foreach (var (signal, method) in Drift(isNumber: true))
                Refuse(signal, method, fault, name);
            return;
        }

        if (before!.Count > 0 && now.Count > 0) // no fault, so it is there
            Add(MonitorSignal.OutOfRangeShare, "share", (double)now.Outside(before.Sorted[0], before.Sorted[^1]) / now.Count, now.Count, name, before.Count);
        else
            Refuse(MonitorSignal.OutOfRangeShare, "share", before.Count == 0 ? Reasons.NoReference : Reasons.Of(NotComputable.NoRows), name);
        foreach (var (signal, method) in Drift(isNumber: true))
            switch (method)
            {
                case DriftMethods.Psi:
                    Add(signal, method, name, PopulationStability.Of(before, now), before.Count, now.Count);
                    break;
                case DriftMethods.Ks:
                    Add(signal, method, name, KolmogorovSmirnov.Statistic(before, now), before.Count, now.Count);
                    Add(MonitorSignal.KsPValue, Math.Max(before.Count, now.Count) <= KolmogorovSmirnov.MostExact ? "exact" : "asymptotic", name, KolmogorovSmirnov.PValue(before, now), before.Count, now.Count);
                    break;
                case DriftMethods.PsiEvidently:
                    Add(signal, method, name, NamedMethods.PsiEvidently(before, now), before.Count, now.Count);
                    break;
                case DriftMethods.JensenShannonEvidently:
                    Add(signal, method, name, NamedMethods.JensenShannonEvidently(before, now), before.Count, now.Count);
                    break;
                case DriftMethods.JensenShannonNannyMl:
                    Add(signal, method, name, NamedMethods.JensenShannonNannyMl(before, now), before.Count, now.Count);
                    break;
                case DriftMethods.WassersteinNormed:
                    Add(signal, method, name, Wasserstein.Normed(before, now), before.Count, now.Count);
                    break;
                default:
                    throw new InvalidOperationException($"The method '{method}' is not measured on numbers.");
            }

        Shape(name, before, now);
    }

    private void Category(string name, WindowColumn column, CategorySample now, CategorySample? before)
    {
        Quality(name, column, before?.MissingShare, before?.Count ?? 0);
        if (Fault(before is null) is { } fault)
        {
            Refuse(MonitorSignal.NewValueShare, "share", fault, name);
            foreach (var (signal, method) in Drift(isNumber: false))
                Refuse(signal, method, fault, name);
            return;
        }

        Add(MonitorSignal.NewValueShare, "share", name, CategoryDistances.NewValues(before!, now), before!.Count, now.Count); // no fault, so it is there
        foreach (var (signal, method) in Drift(isNumber: false))
            Add(signal, method, name, method switch
            {
                DriftMethods.Psi => PopulationStability.Of(before, now),
                DriftMethods.LInfinity => CategoryDistances.LInfinity(before, now),
                DriftMethods.PsiEvidently => NamedMethods.PsiEvidently(before, now),
                DriftMethods.JensenShannonEvidently => NamedMethods.JensenShannonEvidently(before, now),
                DriftMethods.JensenShannonNannyMl => CategoryDistances.JensenShannon(before, now, base2: true),
                _ => throw new InvalidOperationException($"The method '{method}' is not measured on categories."),
            }, before.Count, now.Count);
        Shape(name, before, now);
    }

    /// <summary>The monitor's methods that fit a kind of column.</summary>
    private IEnumerable<(MonitorSignal Signal, string Method)> Drift(bool isNumber)
    {
        foreach (var method in question.Monitor.Methods)
            switch (method)
            {
                case DriftMethods.Psi:
                    yield return (MonitorSignal.Psi, method);
                    break;
                case DriftMethods.Ks:
                    if (isNumber)
                        yield return (MonitorSignal.Ks, method);
                    break;
                case DriftMethods.LInfinity:
                    if (!isNumber)
                        yield return (MonitorSignal.LInfinity, method);
                    break;
                default:
                    if (isNumber || method != DriftMethods.WassersteinNormed)
                        yield return (MonitorSignal.Distance, method);
                    break;
            }
    }

    private void Quality(string name, WindowColumn column, double? missingBefore, long before)
    {
        if (data.Rows == 0)
        {
            Refuse(MonitorSignal.MissingShare, "share", Reasons.TooFewRows, name);
            Refuse(MonitorSignal.WrongTypeShare, "share", Reasons.TooFewRows, name);
            return;
        }

        // Of all rows: a value of the wrong kind is there, though it cannot be used.
        scores.Add(new Score(MonitorSignal.MissingShare, name, "share", null, missingBefore, (double)column.Missing / column.Rows, null, before, column.Rows));
        scores.Add(new Score(MonitorSignal.WrongTypeShare, name, "share", null, null, (double)column.WrongType / column.Rows, null, before, column.Rows));
    }

    private void Predictions()
    {
        var now = NumericSample.Of([.. data.Outputs]);
        var fault = data.Rows < question.Monitor.MinRows ? Reasons.TooFewRows : now.Count == 0 ? Reasons.Of(NotComputable.NoRows) : reference.Predictions is null ? reference.NoPredictions ?? Reasons.NoEvaluation : null;
        if (fault is not null)
        {
            Refuse(MonitorSignal.PredictionDrift, DriftMethods.Psi, fault);
            Refuse(MonitorSignal.PredictionDrift, DriftMethods.Ks, fault);
        }
        else
        {
            var before = reference.Predictions!; // otherwise a fault
            Add(MonitorSignal.PredictionDrift, DriftMethods.Psi, null, PopulationStability.Of(before, now), before.Count, now.Count);
            Add(MonitorSignal.PredictionDrift, DriftMethods.Ks, null, KolmogorovSmirnov.Statistic(before, now), before.Count, now.Count);
            Shape(ColumnShape.PredictionColumn, before, now);
        }

        if (now.Count > 0)
            scores.Add(new Score(
                MonitorSignal.MeanPrediction, null, "mean", null, reference.Predictions is { Count: > 0 } known ? known.Mean() : null, data.Outputs.Average(), null, reference.Predictions?.Count ?? 0, now.Count));
        else
            Refuse(MonitorSignal.MeanPrediction, "mean", Reasons.Of(NotComputable.NoRows));
    }

    private void Performance()
    {
        var labelled = data.Outcomes.Count;
        if (data.Rows > 0)
            Add(MonitorSignal.Coverage, "share", (double)labelled / data.Rows, data.Rows);
        else
            Refuse(MonitorSignal.Coverage, "share", Reasons.TooFewRows);
        var isBinary = IsBinary(question.Task, data.Outcomes);
        var fault = labelled == 0 ? Reasons.NoOutcomes : labelled < question.Monitor.MinRows ? Reasons.TooFewRows : (double)labelled / data.Rows < question.Monitor.MinCoverage ? Reasons.CoverageTooLow : null;
        if (fault is not null)
        {
            Refuse(MonitorSignal.MeanOutcome, "mean", fault);
            Refuse(MonitorSignal.PredictionMinusOutcome, "mean", fault);
            foreach (var key in Keys(isBinary))
                Refuse(MonitorSignal.Realised, key, fault);
            return;
        }

        var outcome = data.Outcomes.Average();
        scores.Add(new Score(MonitorSignal.MeanOutcome, null, "mean", null, reference.MeanOutcome, outcome, null, reference.Predictions?.Count ?? 0, labelled));
        Add(MonitorSignal.PredictionMinusOutcome, "mean", data.LabelledOutputs.Average() - outcome, labelled);
        var metrics = Metrics(isBinary, question.Threshold, data.LabelledOutputs, data.Outcomes);
        foreach (var key in Keys(isBinary))
            Realised(key, metrics[key], labelled);
    }

    private void Realised(string key, Metric metric, long labelled) => scores.Add(new Score(
        MonitorSignal.Realised, null, key, null, reference.Metrics.TryGetValue(key, out var before) ? before : null, metric.Value,
        metric.Value is null ? Reasons.Of(metric.Reason ?? NotComputable.NoRows) : null, reference.Predictions?.Count ?? 0, labelled));

    /// <summary>Why a column is not compared; null when it can be.</summary>
    private string? Fault(bool noColumn) =>
        data.Rows < question.Monitor.MinRows ? Reasons.TooFewRows : reference.Missing ?? (noColumn ? Reasons.NoReferenceColumn : null);

    private void Add(MonitorSignal signal, string method, double value, long count = 0, string? column = null, long referenceCount = 0) =>
        scores.Add(new Score(signal, column, method, null, null, value, null, referenceCount, count == 0 ? data.Rows : count));

    private void Add(MonitorSignal signal, string method, string? column, Metric metric, long before, long now) => scores.Add(new Score(
        signal, column, method, null, null, metric.Value, metric.Value is null ? Reasons.Of(metric.Reason ?? NotComputable.NoRows) : null, before, now));

    private void Add(MonitorSignal signal, string method, string? column, DriftScore score, long before, long now)
    {
        scores.Add(new Score(signal, column, method, score.Bins, null, score.Metric.Value, score.Metric.Value is null ? Reasons.Of(score.Metric.Reason ?? NotComputable.NoRows) : null, before, now));
        if (score.Bins is <= 100)
            bins.Add(new ScoreBins(signal, column ?? ColumnShape.PredictionColumn, method, score.Edges, score.Values, score.Reference, score.Current));
    }

    private void Refuse(MonitorSignal signal, string method, string why, string? column = null) => scores.Add(new Score(signal, column, method, null, null, null, why, 0, 0));

    /// <summary>Bins of equal width over both.</summary>
    private void Shape(string name, NumericSample before, NumericSample now)
    {
        if (before.Count == 0 || now.Count == 0)
            return;
        var (least, most) = (Math.Min(before.Sorted[0], now.Sorted[0]), Math.Max(before.Sorted[^1], now.Sorted[^1]));
        if (!(most > least) || !double.IsFinite(most - least))
            return;
        double[] edges = [.. Enumerable.Range(0, ShapeBins).Select(bin => least + (bin * ((most - least) / ShapeBins))), most];
        shapes.Add(new ColumnShape(name, [.. edges], [], [.. before.CountClosed(edges)], [.. now.CountClosed(edges)], now.Sorted[0], now.Sorted[^1]));
    }

    /// <summary>The values that are most frequent in either, the rest as one.</summary>
    private void Shape(string name, CategorySample before, CategorySample now)
    {
        var values = before.Counts.Keys.Union(now.Counts.Keys, StringComparer.Ordinal).OrderByDescending(value => before[value]).ThenByDescending(value => now[value]).ThenBy(value => value, StringComparer.Ordinal)
            .Take(ShapeValues).ToList();
        if (values.Count == 0)
            return;
        shapes.Add(new ColumnShape(name, [], [.. values], [.. values.Select(value => before[value])], [.. values.Select(value => now[value])], null, null));
    }
}
