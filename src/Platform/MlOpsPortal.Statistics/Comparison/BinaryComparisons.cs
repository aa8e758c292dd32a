using System.Collections.Immutable;
using MlOpsPortal.Statistics.Binary;
using MlOpsPortal.Statistics.Intervals;

namespace MlOpsPortal.Statistics.Comparison;

/// <param name="Name">Distinct within the comparison.</param>
/// <param name="Scores">One per row.</param>
/// <param name="Threshold">The model's own decision threshold.</param>
public sealed record BinaryCandidate(string Name, ReadOnlyMemory<double> Scores, double Threshold = 0.5);

public static class BinaryComparisons
{
    /// <summary>
    /// Each model against each other one on the same rows: AUC and Gini by paired DeLong, the other metrics by the paired bootstrap within
    /// classes (the same draws for every model). Intervals are per pair, not corrected for their number.
    /// </summary>
    /// <exception cref="ArgumentException">Columns differ in length, or names repeat.</exception>
    public static ModelComparison Compare(ReadOnlySpan<bool> truth, IReadOnlyList<BinaryCandidate> candidates, BootstrapPlan plan)
    {
        BootstrapPlan.Check(plan);
        ModelComparison.RequireDistinct([.. candidates.Select(candidate => candidate.Name)]);
        var samples = new BinarySample[candidates.Count];
        for (var i = 0; i < samples.Length; i++) samples[i] = new BinarySample(truth, candidates[i].Scores.Span, candidates[i].Threshold);
        var points = samples.Select(BinaryMetrics.Point).ToArray();
        var usable = samples.Where(sample => sample.Fault is null).ToArray();
        var draws = Bootstrap.Draw(BinaryMetrics.Strata(truth), usable, plan);
        var pairs = ImmutableArray.CreateBuilder<PairedComparison>();
        for (var a = 0; a < samples.Length; a++)
        {
            for (var b = a + 1; b < samples.Length; b++)
            {
                var deLong = DeLong.Compare(samples[a], samples[b], plan.Level);
                var differences = new Dictionary<string, MetricDifference>(StringComparer.Ordinal);
                for (var metric = 0; metric < MetricCatalogue.Binary.Length; metric++)
                {
                    var definition = MetricCatalogue.Binary[metric];
                    var computable = samples[a].Fault is null && samples[b].Fault is null;
                    var interval = definition.Key switch
                    {
                        "roc_auc" => deLong.Interval,
                        "gini" => deLong.Interval is { } auc ? auc with { Lower = 2 * auc.Lower, Upper = 2 * auc.Upper } : null,
                        _ when computable => ModelComparison.Interval(
                            definition, draws[Array.IndexOf(usable, samples[a])][metric], draws[Array.IndexOf(usable, samples[b])][metric], plan),
                        _ => null,
                    };
                    differences[definition.Key] = MetricDifference.Of(
                        definition, points[a][definition.Key], points[b][definition.Key], interval, deLong.Reason ?? NotComputable.TooFewResamples);
                }

                pairs.Add(new PairedComparison(candidates[a].Name, candidates[b].Name, differences, deLong, Decisions(truth, candidates[a], candidates[b], samples[a], samples[b])));
            }
        }

        var all = pairs.ToImmutable();
        var winner = ModelComparison.FindWinner(candidates.Select(candidate => candidate.Name), all, MetricCatalogue.BinaryHeadline);
        return new ModelComparison(MetricCatalogue.BinaryHeadline, truth.Length, plan, all, winner);
    }

    private static McNemarTest? Decisions(ReadOnlySpan<bool> truth, BinaryCandidate first, BinaryCandidate second, BinarySample a, BinarySample b) =>
        a.Fault is null && b.Fault is null ? McNemar.Compare(truth, Decide(first), Decide(second)) : null;

    private static bool[] Decide(BinaryCandidate candidate)
    {
        var decisions = new bool[candidate.Scores.Length];
        for (var i = 0; i < decisions.Length; i++) decisions[i] = candidate.Scores.Span[i] >= candidate.Threshold;
        return decisions;
    }
}
