namespace MlOpsPortal.Statistics.Multiclass;

/// <summary>Areas under ROC curves of several classes, as scikit-learn's roc_auc_score averages them (one against one: Hand, Till 2001).</summary>
/// <param name="Wins">[a][b]: won pairs of the classes by the probability of a.</param>
/// <param name="Support">Rows by class.</param>
internal readonly record struct ClassAreas(double[][] Wins, int[] Support)
{
    private int Rows => Support.Sum();

    /// <summary>Each class against all others; by class, or by its rows.</summary>
    public double OneAgainstRest(bool weighted)
    {
        double sum = 0, weights = 0;
        for (var a = 0; a < Support.Length; a++)
        {
            double weight = weighted ? Support[a] : 1;
            sum += weight * Of(a);
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>Each pair of classes among its own rows; by pair, or by its rows.</summary>
    public double OneAgainstOne(bool weighted)
    {
        double sum = 0, weights = 0;
        for (var a = 0; a < Support.Length; a++)
        {
            for (var b = a + 1; b < Support.Length; b++)
            {
                var pairs = (double)Support[a] * Support[b];
                double weight = weighted ? Support[a] + Support[b] : 1;
                sum += weight * (Wins[a][b] + Wins[b][a]) / (2 * pairs);
                weights += weight;
            }
        }

        return sum / weights;
    }

    /// <summary>One class against all others.</summary>
    public double Of(int a)
    {
        double won = 0;
        for (var b = 0; b < Support.Length; b++)
            if (b != a) won += Wins[a][b];
        return won / ((double)Support[a] * (Rows - Support[a]));
    }
}
