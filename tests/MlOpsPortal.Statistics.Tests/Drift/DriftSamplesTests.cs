using System.Globalization;
using System.Text.Json;
using MlOpsPortal.Statistics.Drift;

namespace MlOpsPortal.Statistics.Tests.Drift;

/// <summary>Training against test of every sample, as scipy and Evidently judge them.</summary>
public sealed class DriftSamplesTests
{
    private const double P = 1e-6;

    public static readonly TheoryData<string> Folders = ["adult", "bike", "breast_cancer", "diabetes", "german_credit", "retail/response_model"];

    public static readonly TheoryData<string> WithEvidently = ["adult", "bike", "breast_cancer", "german_credit"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Numbers_drift_as_scipy_says(string folder)
    {
        var (train, test) = (Table.Read(folder, "train.csv"), Table.Read(folder, "test.csv"));
        foreach (var column in Samples.Json(folder, "expected", "drift.json").GetProperty("numeric").EnumerateObject())
        {
            var (reference, current, expected) = (train.Numbers(column.Name), test.Numbers(column.Name), column.Value);
            Value(KolmogorovSmirnov.Statistic(reference, current)).ShouldBe(expected.GetProperty("ks_statistic"), column.Name + " D");
            PShouldBe(KolmogorovSmirnov.AsymptoticP(reference, current), expected.GetProperty("ks_p_asymptotic"), column.Name + " asymptotic p");
            PShouldBe(KolmogorovSmirnov.PValue(reference, current), expected.GetProperty("ks_p"), column.Name + " p");
            Value(Wasserstein.Distance(reference, current)).ShouldBe(expected.GetProperty("wasserstein"), column.Name + " Wasserstein");
            Value(PopulationStability.Of(reference, current).Metric).ShouldBe(expected.GetProperty("psi_reference_deciles_zero_1e-4 (definition)"), column.Name + " PSI");
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Categories_drift_as_scipy_says(string folder)
    {
        if (!Samples.Json(folder, "expected", "drift.json").TryGetProperty("categorical", out var categories))
            return;
        var (train, test) = (Table.Read(folder, "train.csv"), Table.Read(folder, "test.csv"));
        foreach (var column in categories.EnumerateObject())
        {
            var (reference, current, expected) = (train.Texts(column.Name), test.Texts(column.Name), column.Value);
            var chi = ChiSquare.Contingency(reference, current);
            Value(chi.Statistic).ShouldBe(expected.GetProperty("chi2_contingency"), column.Name + " chi2");
            PShouldBe(chi.PValue, expected.GetProperty("chi2_contingency_p"), column.Name + " chi2 p");
            chi.DegreesOfFreedom.ShouldBe(expected.GetProperty("dof").GetInt32());
            Value(CategoryDistances.JensenShannon(reference, current, base2: true).Metric).ShouldBe(expected.GetProperty("js_distance_base2"), column.Name + " JS");
            Value(CategoryDistances.JensenShannon(reference, current, base2: false).Metric).ShouldBe(expected.GetProperty("js_distance_nat"), column.Name + " JS nat");
            Value(CategoryDistances.LInfinity(reference, current).Metric).ShouldBe(expected.GetProperty("l_infinity"), column.Name + " L-infinity");
            Value(CategoryDistances.TotalVariation(reference, current).Metric).ShouldBe(expected.GetProperty("total_variation"), column.Name + " TVD");
            Value(PopulationStability.Of(reference, current).Metric).ShouldBe(expected.GetProperty("psi_zero_1e-4 (definition)"), column.Name + " PSI");
        }
    }

    [Theory]
    [MemberData(nameof(WithEvidently))]
    public void Named_methods_give_Evidentlys_numbers(string folder)
    {
        var (train, test) = (Table.Read(folder, "train.csv"), Table.Read(folder, "test.csv"));
        foreach (var column in Samples.Json(folder, "expected", "evidently.json").GetProperty("by_method").EnumerateObject())
        {
            var expected = column.Value;
            if (expected.TryGetProperty("chisquare", out var chi))
            {
                var (before, now) = (train.Texts(column.Name), test.Texts(column.Name));
                PShouldBe(ChiSquare.GoodnessOfFit(before, now).PValue, chi, column.Name + " goodness of fit");
                Value(NamedMethods.PsiEvidently(before, now).Metric).ShouldBe(expected.GetProperty("psi"), column.Name + " PSI");
                Value(NamedMethods.JensenShannonEvidently(before, now).Metric).ShouldBe(expected.GetProperty("jensenshannon"), column.Name + " JS");
                continue;
            }

            var (reference, current) = (train.Numbers(column.Name), test.Numbers(column.Name));
            PShouldBe(KolmogorovSmirnov.PValue(reference, current), expected.GetProperty("ks"), column.Name + " KS p");
            Value(Wasserstein.Normed(reference, current)).ShouldBe(expected.GetProperty("wasserstein"), column.Name + " Wasserstein");
            Value(NamedMethods.PsiEvidently(reference, current).Metric).ShouldBe(expected.GetProperty("psi"), column.Name + " PSI");
            Value(NamedMethods.JensenShannonEvidently(reference, current).Metric).ShouldBe(expected.GetProperty("jensenshannon"), column.Name + " JS");
        }
    }

    private static double Value(Metric metric) => metric.Value ?? throw new InvalidOperationException($"Not computable: {metric.Reason}.");

    /// <summary>1e-6 relative down to 1e-300; below that nobody's digits count.</summary>
    private static void PShouldBe(Metric metric, JsonElement expected, string what)
    {
        var (actual, value) = (Value(metric), expected.GetDouble());
        if (value < 1e-300)
            actual.ShouldBeLessThan(1e-299, what);
        else
            Math.Abs((actual / value) - 1).ShouldBeLessThan(P, $"{what}: {actual:R}, expected {value:R}");
    }

    /// <summary>A CSV file by column.</summary>
    private sealed class Table(string[][] rows)
    {
        public static Table Read(string folder, string file) => new(Samples.Table(folder, file));

        public NumericSample Numbers(string column) =>
            NumericSample.Of([.. Cells(column).Select(cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture))]);

        public CategorySample Texts(string column) => CategorySample.Of(Cells(column).Select(cell => cell.Length == 0 ? null : cell));

        private IEnumerable<string> Cells(string column)
        {
            var index = Array.IndexOf(rows[0], column);
            return rows.Skip(1).Select(row => row[index]);
        }
    }
}
