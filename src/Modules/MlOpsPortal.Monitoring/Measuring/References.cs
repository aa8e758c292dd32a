using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Datasets;
using MlOpsPortal.Datasets.Profiling;
using MlOpsPortal.Deployments;
using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Monitoring.Monitors;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Statistics.Drift;

namespace MlOpsPortal.Monitoring.Measuring;

/// <summary>Finds and reads the dataset version that windows are compared with, and what the model answered on it. Read in a child, kept while it is in use:
/// a dataset version never changes.</summary>
internal sealed class References(IModelRegistry models, IDatasetCatalog datasets, EvaluationDesk evaluations, ChildProcess children)
{
    private const long MaxRows = 1_000_000;
    private const int Kept = 6;
    private static readonly ChildLimits Limits = new() { WallTime = TimeSpan.FromMinutes(5) };
    private readonly Lock gate = new();
    private readonly LinkedList<(string Key, ReferenceData Data)> recent = new();

    /// <summary>Training, test or a chosen version, for the release that gave a window's answers.</summary>
    /// <param name="plan">Null where no contract says what to watch: then the dataset's columns do.</param>
    public async Task<Result<(ReferenceData Data, ColumnPlan Plan)>> DatasetAsync(
        Caller caller, Deployment deployment, Release? release, MonitorReference reference, ColumnPlan? plan, CancellationToken cancellationToken)
    {
        var none = new ReferenceFacts(reference.Kind, "", null, null, null, 0);
        var (version, why) = await FindAsync(caller, deployment, release, reference, cancellationToken);
        if (version is null)
            return (ReferenceData.None(none, why), plan ?? ColumnPlan.Of([]));
        var facts = await datasets.FindAsync(caller, version, cancellationToken);
        if (!facts.IsOk)
            return facts.Refusal is NotFound or Conflict ? (ReferenceData.None(none with { Dataset = version }, Reasons.NoReferenceVersion), plan ?? ColumnPlan.Of([])) : facts.Refusal;
        var watched = plan ?? ColumnPlan.Of(facts.Value.Columns, facts.Value.Target);
        var evaluation = release is null ? null : await EvaluationAsync(caller, release, version, cancellationToken);
        var key = string.Join('\n', watched.Columns.Select(column => $"{column.Name}\t{column.Kind}").Prepend($"{caller.Tenant} {version.Dataset} {version.Number} {evaluation?.Id} {reference.Kind}"));
        if (Recent(key) is { } kept)
            return (kept, watched);
        var read = await ReadAsync(caller, version, facts.Value, reference.Kind, watched, evaluation, cancellationToken);
        if (!read.IsOk)
            return read.Refusal;
        Keep(key, read.Value);
        return (read.Value, watched);
    }

    private async Task<(VersionRef? Version, string Why)> FindAsync(Caller caller, Deployment deployment, Release? release, MonitorReference reference, CancellationToken cancellationToken)
    {
        if (reference.Kind == ReferenceKind.Dataset)
            return (reference.Dataset, Reasons.NoReferenceVersion);
        if (release is null)
            return (null, Reasons.NoReferenceVersion);
        var model = await models.GetReadyAsync(caller, release.Version.Id, cancellationToken);
        var trained = model.Value?.Lineage.TrainedOn;
        return reference.Kind == ReferenceKind.Training
            ? (trained, Reasons.NoTrainingSet)
            : (await TestSetAsync(caller, deployment, release, trained, cancellationToken), Reasons.NoTestSet);
    }

    /// <summary>The newest test set that belongs to what the version was trained on; otherwise the one it was evaluated on last.</summary>
    private async Task<VersionRef?> TestSetAsync(Caller caller, Deployment deployment, Release release, VersionRef? trained, CancellationToken cancellationToken)
    {
        var choices = await datasets.ListAsync(caller, deployment.Project, cancellationToken);
        foreach (var choice in choices.Value is { IsDefault: false } known ? known.Where(choice => choice.Role == DatasetRole.Test) : [])
            if (trained is not null && await datasets.FindAsync(caller, choice.Version, cancellationToken) is { IsOk: true } facts && facts.Value.Training == trained)
                return choice.Version;
        var evaluated = await evaluations.ListAsync(caller, release.Version.Model, release.Version.Number, cancellationToken);
        return evaluated.Value is { IsDefault: false } views ? views.FirstOrDefault(view => view is { State: EvaluationState.Done, DatasetRole: DatasetRole.Test })?.Dataset : null;
    }

    private async Task<EvaluationView?> EvaluationAsync(Caller caller, Release release, VersionRef version, CancellationToken cancellationToken)
    {
        var found = await evaluations.ListAsync(caller, release.Version.Model, release.Version.Number, cancellationToken);
        return found.Value is { IsDefault: false } views ? views.FirstOrDefault(view => view is { State: EvaluationState.Done, UsesContract: true } && view.Dataset == version) : null;
    }

    private async Task<Result<ReferenceData>> ReadAsync(
        Caller caller, VersionRef version, VersionFacts facts, ReferenceKind kind, ColumnPlan plan, EvaluationView? evaluation, CancellationToken cancellationToken)
    {
        using var scratch = children.NewScratch();
        var staged = await datasets.StageAsync(caller, version, scratch, ReferenceVerb.DataFile, cancellationToken);
        if (!staged.IsOk)
            return staged.Refusal;
        var known = facts.Columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);
        var wanted = plan.Columns.Where(column => known.TryGetValue(column.Name, out var type) && (column.Kind != ColumnKind.Number || type is ColumnType.Integer or ColumnType.Number or ColumnType.Boolean))
            .Select(column => new ReferenceColumnSpec(column.Name, column.Kind == ColumnKind.Number)).ToImmutableArray();
        var answer = await children.RunAsync<ReferenceAnswer>(ReferenceVerb.Name, new ReferenceSpec(wanted, MaxRows), scratch, Limits, null, cancellationToken);
        if (!answer.IsOk)
            return answer.Refusal;
        var numbers = await NumbersAsync(scratch, answer.Value, cancellationToken);
        var categories = answer.Value.Columns.Where(column => !column.IsNumber).ToDictionary(column => column.Name, column => CategorySample.OfCounts(column.Counts, column.Missing), StringComparer.Ordinal);
        var name = string.Create(CultureInfo.InvariantCulture, $"{facts.DatasetName} v{version.Number}");
        var reference = new ReferenceFacts(kind, name, version, null, null, answer.Value.Rows);
        var (predicted, outcome) = evaluation is null ? (null, null) : await PredictionsAsync(caller, evaluation.Id, cancellationToken);
        return new ReferenceData(reference, numbers, categories, predicted, predicted is null ? Reasons.NoEvaluation : null, outcome, Metrics(evaluation), null);
    }

    /// <summary>The child's file of doubles, cut into columns as it says.</summary>
    /// <exception cref="InvalidDataException">It holds less than it says.</exception>
    private static async Task<Dictionary<string, NumericSample>> NumbersAsync(ScratchFolder scratch, ReferenceAnswer answer, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<string, NumericSample>(StringComparer.Ordinal);
        await using var file = scratch.Made(ReferenceVerb.NumbersFile).OpenRead();
        foreach (var column in answer.Columns.Where(column => column.IsNumber))
        {
            if (column.Values is < 0 or > MaxRows)
                throw new InvalidDataException($"The child says that a column has {column.Values} values.");
            var bytes = new byte[column.Values * sizeof(double)];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            var values = new double[column.Values];
            for (var row = 0; row < values.Length; row++)
                values[row] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(row * sizeof(double)));
            numbers[column.Name] = NumericSample.Of(values, column.Missing);
        }

        return numbers;
    }

    /// <summary>What the model answered on the reference, and the mean outcome there.</summary>
    private async Task<(NumericSample? Predictions, double? MeanOutcome)> PredictionsAsync(Caller caller, Models.EvaluationId id, CancellationToken cancellationToken)
    {
        var opened = await evaluations.OpenPredictionsAsync(caller, id, cancellationToken);
        if (!opened.IsOk)
            return (null, null);
        using var reader = new StreamReader(opened.Value);
        await reader.ReadLineAsync(cancellationToken); // row,actual,predicted and perhaps heuristic
        var predicted = new List<double>();
        double outcomes = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var parts = line.Split(',');
            outcomes += double.Parse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture);
            predicted.Add(double.Parse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        return predicted.Count == 0 ? (null, null) : (NumericSample.Of([.. predicted]), outcomes / predicted.Count);
    }

    private static Dictionary<string, double> Metrics(EvaluationView? evaluation)
    {
        IEnumerable<KeyValuePair<string, Statistics.Metric>> metrics = evaluation?.Report is { Binary: { } binary } ? binary.Metrics : evaluation?.Report is { Regression: { } regression } ? regression.Metrics : [];
        return metrics.Where(metric => metric.Value.Value is not null).ToDictionary(metric => metric.Key, metric => metric.Value.Value!.Value, StringComparer.Ordinal); // filtered just before
    }

    private ReferenceData? Recent(string key)
    {
        lock (gate)
        {
            for (var node = recent.First; node is not null; node = node.Next)
                if (node.Value.Key == key)
                {
                    recent.Remove(node);
                    recent.AddFirst(node);
                    return node.Value.Data;
                }

            return null;
        }
    }

    private void Keep(string key, ReferenceData data)
    {
        lock (gate)
        {
            recent.AddFirst((key, data));
            if (recent.Count > Kept)
                recent.RemoveLast();
        }
    }
}
