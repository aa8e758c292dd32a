using System.Collections.Immutable;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Registry;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Statistics;
using MlOpsPortal.Statistics.Comparison;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Models.Comparison;

/// <summary>Versions side by side.</summary>
/// <param name="TimesUsed">How many evaluations this dataset version has served so far.</param>
/// <param name="Metrics">Every metric with its direction, in the order of display.</param>
/// <param name="Headline">The metric that decides.</param>
/// <param name="Plan">The draws behind the bootstrap intervals; the AUC's are DeLong's.</param>
/// <param name="Columns">One per version, in the order asked for.</param>
/// <param name="Baselines">Constant and heuristic, as far as the training version gives them.</param>
/// <param name="Pairs">Each column against each other one, baselines included; verdicts are of the first over the second.</param>
public sealed record ComparisonView(
    VersionRef Dataset, string DatasetName, DatasetRole DatasetRole, MlTask Task, int Rows, int TimesUsed, ImmutableArray<MetricDefinition> Metrics, string Headline, BootstrapPlan Plan,
    ComparisonVerdict Verdict, ImmutableArray<ComparedVersion> Columns, ImmutableArray<Baseline> Baselines, ImmutableArray<PairedComparison> Pairs)
{
    internal static ComparisonView Of(ImmutableArray<FoundVersion> versions, List<EvaluationRow> rows, ModelVersusModel result, int uses)
    {
        return new ComparisonView(
            rows[0].Dataset, rows[0].DatasetName, rows[0].DatasetRole, rows[0].Task, rows[0].Rows ?? 0, uses, TaskMetrics.Of(rows[0].Task),
            result.Versions.Headline, result.Versions.Plan, ComparisonVerdict.Of(result.Versions, versions, result.WithBaselines),
            [.. versions.Select((version, index) => ComparedVersion.Of(version, rows[index]))], result.Baselines, result.WithBaselines.Pairs);
    }
}

/// <summary>One version of a comparison.</summary>
/// <param name="Name">As <see cref="PairedComparison"/> calls it.</param>
public sealed record ComparedVersion(
    string Name, ModelId Model, ModelVersionId Version, int Number, ImmutableArray<string> Aliases, string? Algorithm, long? Bytes, EvaluationId Evaluation, double? Threshold, EvaluationReport Report)
{
    internal static ComparedVersion Of(FoundVersion found, EvaluationRow row) => new(
        ComparisonDesk.Name(found), found.Model.Id, found.Version.Id, found.Version.Number,
        [.. found.Model.Aliases.Where(alias => alias.Version == found.Version.Id).Select(alias => alias.Name)], found.Version.Lineage.Algorithm, found.Version.File?.Bytes, row.Id,
        row.Threshold, EvaluationDesk.ReadReport(row) ?? throw new InvalidOperationException($"Evaluation {row.Id} is done without a report."));
}

/// <summary>What the comparison says, before any number.</summary>
/// <param name="Winner">Name of the version that is detectably better than each other one on the headline metric; null: no detectable winner.</param>
/// <param name="Reference">What the others are measured against: the champion where it takes part, otherwise the first.</param>
/// <param name="Beaten">Baselines that the winner, or without one every version, is detectably better than.</param>
public sealed record ComparisonVerdict(string? Winner, string Reference, ImmutableArray<AgainstReference> Others, ImmutableArray<string> Beaten)
{
    internal static ComparisonVerdict Of(ModelComparison versions, ImmutableArray<FoundVersion> found, ModelComparison all)
    {
        var reference = ComparisonDesk.Name(found.FirstOrDefault(version => version.Model.AliasTarget(SetAlias.Champion)?.Id == version.Version.Id) ?? found[0]);
        var others = found.Select(ComparisonDesk.Name).Where(name => name != reference).Select(name => AgainstReference.Of(versions, name, reference)).ToImmutableArray();
        var winner = found.Length > 1 ? versions.Winner : null;
        string[] judged = winner is null ? [.. found.Select(ComparisonDesk.Name)] : [winner];
        string[] baselines = [ModelVersusModel.Constant, ModelVersusModel.Heuristic];
        var beaten = baselines.Where(baseline => all.Pairs.Any(pair => pair.Second == baseline)
            && Array.TrueForAll(judged, name => AgainstReference.Of(all, name, baseline).Verdict == Verdict.Better));
        return new ComparisonVerdict(winner, reference, others, [.. beaten]);
    }
}

/// <summary>One version against the reference on the headline metric.</summary>
/// <param name="Difference">The version's value less the reference's.</param>
/// <param name="P">Of the paired DeLong test; null for regression.</param>
public sealed record AgainstReference(string Name, double? Difference, double? Lower, double? Upper, double? P, Verdict Verdict)
{
    internal static AgainstReference Of(ModelComparison comparison, string name, string reference)
    {
        var pair = comparison.Pairs.First(candidate => (candidate.First == name && candidate.Second == reference) || (candidate.First == reference && candidate.Second == name));
        var metric = pair.Metrics[comparison.Headline];
        return pair.First == name
            ? new AgainstReference(name, metric.Difference, metric.Interval?.Lower, metric.Interval?.Upper, pair.DeLong?.P, metric.Verdict)
            : new AgainstReference(name, -metric.Difference, -metric.Interval?.Upper, -metric.Interval?.Lower, pair.DeLong?.P, Turned(metric.Verdict));
    }

    private static Verdict Turned(Verdict verdict) => verdict switch
    {
        Verdict.Better => Verdict.Worse,
        Verdict.Worse => Verdict.Better,
        Verdict.NoDetectableDifference or Verdict.NotComputable => verdict,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "An unknown verdict."),
    };
}
