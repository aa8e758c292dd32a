using MlOpsPortal.Statistics.Intervals;
using MlOpsPortal.Statistics.Numerics;

namespace MlOpsPortal.Statistics.Multiclass;

/// <summary>
/// Outcomes of several classes beside their probabilities, sorted once per class from the highest probability down. Every metric of it, and of any
/// resample that keeps the class sizes, is one pass per class with a weight per row.
/// </summary>
internal sealed class MulticlassSample : IResampled
{
    /// <summary>How far the probabilities of a row may be from summing to one, as numpy's allclose judges.</summary>
    private const double SumTolerance = 1e-5;

    private readonly int[] truth;
    private readonly int[] decided;
    private readonly double[] logLoss;
    private readonly double[] squared;
    private readonly bool[] amongTwo;
    private readonly int[][] order;
    private readonly int[][] ends;

    /// <param name="truth">Number of the row's class.</param>
    /// <param name="probabilities">Row by row, one per class.</param>
    /// <param name="classes">How many there are, 2 or more.</param>
    public MulticlassSample(ReadOnlySpan<int> truth, ReadOnlySpan<double> probabilities, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Columns.RequireSameLength(truth.Length * classes, probabilities.Length, nameof(probabilities));
        (Rows, Classes, this.truth) = (truth.Length, classes, truth.ToArray());
        Support = new int[classes];
        foreach (var known in truth) Support[known]++;
        Fault = Rows == 0 ? NotComputable.NoRows : Columns.AllFinite(probabilities) ? null : NotComputable.NotFinite;
        var rows = Fault is null ? Rows : 0;
        (decided, logLoss, squared, amongTwo) = (new int[rows], new double[rows], new double[rows], new bool[rows]);
        for (var row = 0; row < rows; row++) Prepare(row, probabilities.Slice(row * classes, classes));
        order = new int[classes][];
        ends = new int[classes][];
        var column = new double[rows];
        for (var c = 0; c < classes; c++)
        {
            for (var row = 0; row < rows; row++) column[row] = -probabilities[(row * classes) + c];
            order[c] = Columns.StableOrder(column);
            ends[c] = Ends(order[c], column);
        }
    }

    public int Rows { get; }

    public int Classes { get; }

    /// <summary>Rows by class.</summary>
    public int[] Support { get; }

    /// <summary>What keeps every metric from being computed.</summary>
    public NotComputable? Fault { get; }

    /// <summary>Each value in 0..1, each row summing to one.</summary>
    public bool AreProbabilities { get; private set; } = true;

    /// <summary>Is every row decided to be of one class?</summary>
    public bool SingleDecision => Array.TrueForAll(decided, value => value == decided[0]);

    public int MetricCount => MetricCatalogue.Multiclass.Length;

    /// <summary>[class][decided class], rows.</summary>
    public long[][] Confusion(ReadOnlySpan<int> weights)
    {
        var confusion = Enumerable.Range(0, Classes).Select(_ => new long[Classes]).ToArray();
        for (var row = 0; row < decided.Length; row++) confusion[truth[row]][decided[row]] += weights[row];
        return confusion;
    }

    public void Compute(ReadOnlySpan<int> weights, Span<double> values)
    {
        double logSum = 0, squaredSum = 0, among = 0;
        for (var row = 0; row < decided.Length; row++)
        {
            logSum += weights[row] * logLoss[row];
            squaredSum += weights[row] * squared[row];
            among += amongTwo[row] ? weights[row] : 0;
        }

        var areas = new ClassAreas(Wins(weights), Support);
        values[0] = logSum / Rows;
        values[1] = areas.OneAgainstRest(weighted: false);
        values[2] = areas.OneAgainstRest(weighted: true);
        values[3] = areas.OneAgainstOne(weighted: false);
        values[4] = areas.OneAgainstOne(weighted: true);
        new DecisionTable(Confusion(weights)).Fill(values[5..]);
        values[^2] = squaredSum / Rows;
        values[^1] = among / Rows;
    }

    /// <summary>[a][b]: pairs of a row of a and a row of b in which the former has the higher probability of a; ties count half.</summary>
    private double[][] Wins(ReadOnlySpan<int> weights)
    {
        var wins = new double[Classes][];
        for (var a = 0; a < Classes; a++)
        {
            wins[a] = new double[Classes];
            double above = 0;
            var start = 0;
            foreach (var end in ends[a])
            {
                double tied = 0;
                for (var i = start; i < end; i++) tied += truth[order[a][i]] == a ? weights[order[a][i]] : 0;
                var beaten = above + (tied / 2);
                for (var i = start; i < end; i++) wins[a][truth[order[a][i]]] += weights[order[a][i]] * beaten;
                above += tied;
                start = end;
            }
        }

        return wins;
    }

    private void Prepare(int row, ReadOnlySpan<double> probabilities)
    {
        double sum = 0;
        var (best, higher) = (0, 0);
        var own = probabilities[truth[row]];
        for (var c = 0; c < Classes; c++)
        {
            var probability = probabilities[c];
            sum += probability;
            AreProbabilities &= probability is >= 0 and <= 1;
            if (probability > probabilities[best]) best = c;
            // Of equal ones the later class ranks first, as scikit-learn's reversed stable sort has it.
            if (probability > own || (probability == own && c > truth[row])) higher++;
        }

        for (var c = 0; c < Classes; c++)
        {
            var error = (probabilities[c] / sum) - (c == truth[row] ? 1 : 0);
            squared[row] += error * error;
        }

        AreProbabilities &= Math.Abs(sum - 1) <= SumTolerance;
        decided[row] = best;
        amongTwo[row] = higher < 2;
        logLoss[row] = -Math.Log(Math.Clamp(own / sum, double.BitIncrement(1) - 1, 1));
    }

    private static int[] Ends(int[] order, double[] column)
    {
        var groups = new List<int>();
        for (var i = 1; i < order.Length; i++)
            if (column[order[i]] != column[order[i - 1]]) groups.Add(i);
        if (order.Length > 0) groups.Add(order.Length);
        return [.. groups];
    }
}
