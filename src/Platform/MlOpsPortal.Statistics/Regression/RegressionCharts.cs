using System.Collections.Immutable;

namespace MlOpsPortal.Statistics.Regression;

internal static class RegressionCharts
{
    public static ImmutableArray<HistogramBin> Histogram(ReadOnlySpan<double> values, int bins)
    {
        var (from, to) = Range(values);
        if (from == to) return [new HistogramBin(from, to, values.Length)];
        var counts = new int[bins];
        foreach (var value in values) counts[Place(value, from, to, bins)]++;
        double Edge(int i) => i == bins ? to : from + (i * ((to - from) / bins));
        return [.. counts.Select((count, i) => new HistogramBin(Edge(i), Edge(i + 1), count))];
    }

    public static ImmutableArray<GridCell> Grid(ReadOnlySpan<double> truth, ReadOnlySpan<double> prediction, int side)
    {
        var (truthFrom, truthTo) = Range(truth);
        var (predictionFrom, predictionTo) = Range(prediction);
        var cells = new SortedDictionary<int, (double Actual, double Predicted, int Rows)>();
        for (var i = 0; i < truth.Length; i++)
        {
            var cell = (Place(truth[i], truthFrom, truthTo, side) * side) + Place(prediction[i], predictionFrom, predictionTo, side);
            var old = cells.GetValueOrDefault(cell);
            cells[cell] = (old.Actual + truth[i], old.Predicted + prediction[i], old.Rows + 1);
        }

        return [.. cells.Values.Select(cell => new GridCell(cell.Actual / cell.Rows, cell.Predicted / cell.Rows, cell.Rows))];
    }

    public static ImmutableArray<PredictionGroup> Groups(ReadOnlySpan<double> truth, ReadOnlySpan<double> prediction, ReadOnlySpan<int> byPrediction, int groups)
    {
        var result = ImmutableArray.CreateBuilder<PredictionGroup>();
        for (var group = 0; group < groups; group++)
        {
            var from = (int)((long)byPrediction.Length * group / groups);
            var to = (int)((long)byPrediction.Length * (group + 1) / groups);
            if (from == to) continue;
            double actual = 0, predicted = 0;
            foreach (var row in byPrediction[from..to]) (actual, predicted) = (actual + truth[row], predicted + prediction[row]);
            result.Add(new PredictionGroup(predicted / (to - from), actual / (to - from), to - from));
        }

        return result.ToImmutable();
    }

    private static int Place(double value, double from, double to, int bins) =>
        from == to ? 0 : Math.Clamp((int)((value - from) / (to - from) * bins), 0, bins - 1);

    private static (double From, double To) Range(ReadOnlySpan<double> values)
    {
        var (from, to) = (values[0], values[0]);
        foreach (var value in values) (from, to) = (Math.Min(from, value), Math.Max(to, value));
        return (from, to);
    }
}
