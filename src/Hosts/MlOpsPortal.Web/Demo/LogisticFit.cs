namespace MlOpsPortal.Web.Demo;

/// <summary>How a fit is made.</summary>
/// <param name="LearningRate">Step of the first epoch; it falls with the root of the epoch.</param>
/// <param name="L2">Weight of the squared coefficients in the loss.</param>
/// <param name="BatchSize">Rows between two steps.</param>
internal sealed record FitSettings(double LearningRate, double L2, int BatchSize, int Epochs);

/// <summary>What was measured after an epoch.</summary>
internal sealed record FitEpoch(int Epoch, double TrainLoss, double ValLoss, double ValAuc, double GradientNorm);

/// <summary>Rows for a fit: standardised by the training rows, with a column of ones.</summary>
internal sealed record FitRows(double[][] Features, bool[] Outcomes);

/// <summary>Logistic regression by gradient steps over batches, in the order of a given seed: the same figures on every machine.</summary>
internal static class LogisticFit
{
    public static IEnumerable<FitEpoch> Run(FitRows train, FitRows validation, FitSettings settings, int seed)
    {
        var random = new Random(seed);
        var order = Enumerable.Range(0, train.Outcomes.Length).ToArray();
        var weights = new double[train.Features[0].Length];
        var gradient = new double[weights.Length];
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            random.Shuffle(order);
            var rate = settings.LearningRate / Math.Sqrt(epoch);
            var norm = 0.0;
            for (var start = 0; start < order.Length; start += settings.BatchSize)
            {
                var end = Math.Min(start + settings.BatchSize, order.Length);
                Array.Clear(gradient);
                for (var place = start; place < end; place++)
                {
                    var row = train.Features[order[place]];
                    var error = Chance(row, weights) - (train.Outcomes[order[place]] ? 1 : 0);
                    for (var column = 0; column < weights.Length; column++)
                        gradient[column] += error * row[column];
                }

                var square = 0.0;
                for (var column = 0; column < weights.Length; column++)
                {
                    // The intercept, first, is not pulled to zero.
                    var slope = (gradient[column] / (end - start)) + (column == 0 ? 0 : settings.L2 * weights[column]);
                    weights[column] -= rate * slope;
                    square += slope * slope;
                }

                norm = Math.Sqrt(square);
            }

            yield return new FitEpoch(epoch, Loss(train, weights), Loss(validation, weights), Auc(validation, weights), norm);
        }
    }

    private static double Chance(double[] row, double[] weights)
    {
        var sum = 0.0;
        for (var column = 0; column < weights.Length; column++)
            sum += row[column] * weights[column];
        return 1 / (1 + Math.Exp(-sum));
    }

    private static double Loss(FitRows rows, double[] weights)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Outcomes.Length; row++)
        {
            var chance = Math.Clamp(Chance(rows.Features[row], weights), 1e-12, 1 - 1e-12);
            sum -= Math.Log(rows.Outcomes[row] ? chance : 1 - chance);
        }

        return sum / rows.Outcomes.Length;
    }

    /// <summary>The share of pairs of a positive and a negative that are in the right order; equal ones count half (ranks with ties shared).</summary>
    private static double Auc(FitRows rows, double[] weights)
    {
        var scored = rows.Features.Select((row, index) => (Score: Chance(row, weights), rows.Outcomes[index])).OrderBy(pair => pair.Score).ToArray();
        var (positives, ranks) = (0L, 0.0);
        for (var start = 0; start < scored.Length;)
        {
            var end = start;
            while (end < scored.Length && scored[end].Score == scored[start].Score)
                end++;
            for (var place = start; place < end; place++)
            {
                if (!scored[place].Item2)
                    continue;
                positives++;
                ranks += (start + 1 + end) / 2.0;
            }

            start = end;
        }

        var negatives = scored.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (ranks - (positives * (positives + 1) / 2.0)) / positives / negatives;
    }
}
