namespace MlOpsPortal.Statistics.Multiclass;

/// <summary>Rows by class and decided class. 0/0 reads 0; a class that neither occurs nor is ever decided takes no part in averages.</summary>
internal sealed class DecisionTable
{
    private readonly long[][] confusion;
    private readonly double[] support;
    private readonly double[] decided;

    public DecisionTable(long[][] confusion)
    {
        this.confusion = confusion;
        support = [.. confusion.Select(row => (double)row.Sum())];
        decided = [.. Enumerable.Range(0, confusion.Length).Select(c => (double)confusion.Sum(row => row[c]))];
    }

    public double Precision(int c) => Share(confusion[c][c], decided[c]);

    public double Recall(int c) => Share(confusion[c][c], support[c]);

    public double F1(int c) => Share(2 * confusion[c][c], support[c] + decided[c]);

    /// <summary>Accuracy, balanced accuracy, F1, precision and recall as macro and weighted averages, Matthews' (covariance form) and Cohen's coefficient.</summary>
    public void Fill(Span<double> values)
    {
        double rows = support.Sum(), right = 0, chance = 0, truthSpread = 0, decidedSpread = 0;
        for (var c = 0; c < support.Length; c++)
        {
            right += confusion[c][c];
            chance += support[c] * decided[c];
            truthSpread += support[c] * support[c];
            decidedSpread += decided[c] * decided[c];
        }

        var occurring = Enumerable.Range(0, support.Length).Where(c => support[c] > 0).ToArray();
        var named = Enumerable.Range(0, support.Length).Where(c => support[c] + decided[c] > 0).ToArray();
        values[0] = right / rows;
        values[1] = occurring.Average(Recall);
        values[2] = named.Average(F1);
        values[3] = Weighted(F1, rows);
        values[4] = named.Average(Precision);
        values[5] = Weighted(Precision, rows);
        values[6] = named.Average(Recall);
        values[7] = Weighted(Recall, rows);
        values[8] = Share((right * rows) - chance, Math.Sqrt((rows * rows) - decidedSpread) * Math.Sqrt((rows * rows) - truthSpread));
        values[9] = Share((right * rows) - chance, (rows * rows) - chance);
    }

    private double Weighted(Func<int, double> metric, double rows) => Enumerable.Range(0, support.Length).Sum(c => support[c] * metric(c)) / rows;

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
