using System.Collections.Immutable;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Multiclass;

namespace MlOpsPortal.Statistics.Comparison;

/// <param name="Name">Distinct within the comparison.</param>
/// <param name="Probabilities">Row by row, one per class.</param>
public sealed record MulticlassCandidate(string Name, ReadOnlyMemory<double> Probabilities);

public static class MulticlassComparisons
{
    /// <summary>Each model against each other one on the same rows, by the paired bootstrap within classes (the same draws for every model).</summary>
    /// <exception cref="ArgumentException">Columns differ in length, or names repeat.</exception>
    public static ModelComparison Compare(ReadOnlySpan<int> truth, int classes, IReadOnlyList<MulticlassCandidate> candidates, BootstrapPlan plan)
    {
        BootstrapPlan.Check(plan);
        ModelComparison.RequireDistinct([.. candidates.Select(candidate => candidate.Name)]);
        var samples = new MulticlassSample[candidates.Count];
        for (var i = 0; i < samples.Length; i++) samples[i] = new MulticlassSample(truth, candidates[i].Probabilities.Span, classes);
        var points = samples.Select(MulticlassMetrics.Point).ToArray();
        var usable = samples.Where(sample => sample.Fault is null).ToArray();
        var draws = Bootstrap.Draw(MulticlassMetrics.Strata(truth, classes), usable, plan);
        var pairs = ImmutableArray.CreateBuilder<PairedComparison>();
        for (var a = 0; a < samples.Length; a++)
        {
            for (var b = a + 1; b < samples.Length; b++)
            {
                var computable = samples[a].Fault is null && samples[b].Fault is null;
                var differences = new Dictionary<string, MetricDifference>(StringComparer.Ordinal);
                for (var metric = 0; metric < MetricCatalogue.Multiclass.Length; metric++)
                {
                    var definition = MetricCatalogue.Multiclass[metric];
                    var interval = !computable ? null : ModelComparison.Interval(
                        definition, draws[Array.IndexOf(usable, samples[a])][metric], draws[Array.IndexOf(usable, samples[b])][metric], plan);
                    differences[definition.Key] = MetricDifference.Of(
                        definition, points[a][definition.Key], points[b][definition.Key], interval, NotComputable.TooFewResamples);
                }

                pairs.Add(new PairedComparison(candidates[a].Name, candidates[b].Name, differences, null, null));
            }
        }

        var all = pairs.ToImmutable();
        var winner = ModelComparison.FindWinner(candidates.Select(candidate => candidate.Name), all, MetricCatalogue.MulticlassHeadline);
        return new ModelComparison(MetricCatalogue.MulticlassHeadline, truth.Length, plan, all, winner);
    }
}
