using System.Collections.Immutable;

namespace MlOpsPortal.Monitoring.Monitors;

/// <summary>How drift of a column may be measured, by stable key. One data set has many answers: every score carries its method's key.</summary>
public static class DriftMethods
{
    /// <summary>Population stability index: reference deciles (edges by linear interpolation, equal edges merged, open ends, [a, b)), categories as they are; missing dropped; a share of zero counts as 1e-4.</summary>
    public const string Psi = "psi";

    /// <summary>Kolmogorov-Smirnov, two samples: the statistic D; its p-value is a score of its own.</summary>
    public const string Ks = "ks";

    /// <summary>Largest difference of a category's share.</summary>
    public const string LInfinity = "l_infinity";

    /// <summary>As Evidently computes it: equal-width bins over both samples.</summary>
    public const string PsiEvidently = "psi_evidently";
    public const string JensenShannonEvidently = "js_evidently";

    /// <summary>As NannyML computes it: bins of the reference by Doane, base 2.</summary>
    public const string JensenShannonNannyMl = "js_nannyml";

    /// <summary>Earth mover's distance over the reference's standard deviation.</summary>
    public const string WassersteinNormed = "wasserstein_normed";

    public static readonly ImmutableArray<string> Default = [Psi, Ks, LInfinity];

    public static readonly ImmutableArray<string> All = [.. Default, PsiEvidently, JensenShannonEvidently, JensenShannonNannyMl, WassersteinNormed];
}
