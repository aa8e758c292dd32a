using System.Collections.Immutable;
using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Regression;

namespace MlOpsPortal.Statistics.Comparison;

/// <param name="Name">Distinct within the comparison.</param>
/// <param name="Predictions">One per row, in the unit of the outcome.</param>
public sealed record RegressionCandidate(string Name, ReadOnlyMemory<double> Predictions);

public static class RegressionComparisons
{
    /// <summary>Each model against each other one on the same rows, by the paired bootstrap (the same draws for every model).</summary>
    /// <exception cref="ArgumentException">Columns differ in length, or names repeat.</exception>
    public static ModelComparison Compare(ReadOnlySpan<double> truth, IReadOnlyList<RegressionCandidate> candidates, BootstrapPlan plan)
    {
        BootstrapPlan.Check(plan);
        ModelComparison.RequireDistinct([.. candidates.Select(candidate => candidate.Name)]);
        var samples = new RegressionSample[candidates.Count];
        for (var i = 0; i < samples.Length; i++) samples[i] = new RegressionSample(truth, candidates[i].Predictions.Span);
        var points = samples.Select(RegressionMetrics.Point).ToArray();
        var usable = samples.Where(sample => sample.Fault is null).ToArray();
        var draws = Bootstrap.Draw(RegressionMetrics.Strata(truth.Length), usable, plan);
        var pairs = ImmutableArray.CreateBuilder<PairedComparison>();
        for (var a = 0; a < samples.Length; a++)
        {
            for (var b = a + 1; b < samples.Length; b++)
            {
                var computable = samples[a].Fault is null && samples[b].Fault is null;
                var differences = new Dictionary<string, MetricDifference>(StringComparer.Ordinal);
                for (var metric = 0; metric < MetricCatalogue.Regression.Length; metric++)
                {
                    var definition = MetricCatalogue.Regression[metric];
                    if (!definition.Resamples) continue;
                    var interval = !computable ? null : ModelComparison.Interval(
                        definition, draws[Array.IndexOf(usable, samples[a])][metric], draws[Array.IndexOf(usable, samples[b])][metric], plan);
                    differences[definition.Key] = MetricDifference.Of(
                        definition, points[a][definition.Key], points[b][definition.Key], interval, NotComputable.TooFewResamples);
                }

                pairs.Add(new PairedComparison(candidates[a].Name, candidates[b].Name, differences, null, null));
            }
        }

        var all = pairs.ToImmutable();
        var winner = ModelComparison.FindWinner(candidates.Select(candidate => candidate.Name), all, MetricCatalogue.RegressionHeadline);
        return new ModelComparison(MetricCatalogue.RegressionHeadline, truth.Length, plan, all, winner);
    }
}
