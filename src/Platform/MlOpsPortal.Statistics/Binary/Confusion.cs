namespace MlOpsPortal.Statistics.Binary;

/// <summary>Rows by outcome and decision; a score at or above the threshold is decided positive.</summary>
public sealed record Confusion(long TrueNegatives, long FalsePositives, long FalseNegatives, long TruePositives)
{
    /// <summary>accuracy, balanced accuracy, precision, recall, specificity, F1, F2, Matthews' and Cohen's coefficient, Jaccard; 0 where the model makes it 0/0.</summary>
    internal void Fill(Span<double> values)
    {
        double tn = TrueNegatives, fp = FalsePositives, fn = FalseNegatives, tp = TruePositives;
        var spread = Math.Sqrt(tp + fp) * Math.Sqrt(tp + fn) * Math.Sqrt(tn + fp) * Math.Sqrt(tn + fn);
        values[0] = (tp + tn) / (tp + tn + fp + fn);
        values[1] = ((tp / (tp + fn)) + (tn / (tn + fp))) / 2;
        values[2] = Share(tp, tp + fp);
        values[3] = tp / (tp + fn);
        values[4] = tn / (tn + fp);
        values[5] = Share(2 * tp, (2 * tp) + fp + fn);
        values[6] = Share(5 * tp, (5 * tp) + (4 * fn) + fp);
        values[7] = Share((tp * tn) - (fp * fn), spread);
        values[8] = Share(2 * ((tp * tn) - (fn * fp)), ((tp + fp) * (fp + tn)) + ((tp + fn) * (fn + tn)));
        values[9] = Share(tp, tp + fp + fn);
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
