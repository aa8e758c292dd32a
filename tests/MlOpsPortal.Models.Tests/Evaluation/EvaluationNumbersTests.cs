using System.Text.Json.Nodes;
using MlOpsPortal.Models.Contracts;

namespace MlOpsPortal.Models.Tests.Evaluation;

/// <summary>The portal's own scoring and measuring of every sample model, beside the numbers of scikit-learn.</summary>
public sealed class EvaluationNumbersTests
{
    private const double Relative = 1e-6;

    private static readonly Dictionary<string, string> TheirNames = new(StringComparer.Ordinal)
    {
        ["ece"] = "ece_10_equal_width (definition)",
        ["partial_auc_fpr_0.1"] = "partial_auc_fpr_0.1_mcclish",
        ["bias"] = "bias_mean_error (definition)",
        ["brier_sum"] = "brier_sum (definition)",
    };

    public static TheoryData<string, string> BinaryModels() => [.. Sample.Binary.Select(sample => (sample.Folder, sample.Model))];

    public static TheoryData<string, string> RegressionModels() => [.. Sample.Regression.Select(sample => (sample.Folder, sample.Model))];

    public static TheoryData<string, string> MulticlassModels() => [.. Sample.Multiclass.Select(sample => (sample.Folder, sample.Model))];

    [Theory]
    [MemberData(nameof(MulticlassModels))]
    public void Multiclass_metrics_of_the_portals_own_scoring_equal_scikit_learns(string folder, string model) => Compare(new Sample(folder, model));

    [Theory]
    [MemberData(nameof(BinaryModels))]
    public void Binary_metrics_of_the_portals_own_scoring_equal_scikit_learns(string folder, string model) => Compare(new Sample(folder, model));

    [Theory]
    [MemberData(nameof(RegressionModels))]
    public void Regression_metrics_of_the_portals_own_scoring_equal_scikit_learns(string folder, string model) => Compare(new Sample(folder, model));

    private static void Compare(Sample sample)
    {
        using var child = new TestChild();
        var signature = child.Admit(sample.ModelFile).Required();
        var contract = ContractProposer.Propose(signature, sample.Task, sample.Columns(), sample.Target).Contract;
        ContractCheck.Check(signature, contract, sample.Task).ShouldBeNull();

        var report = child.Evaluate(sample, signature, contract).Required().Report;

        var metrics = report.Metrics;
        var expected = sample.Expected()["metrics"]!.AsObject();
        var compared = 0;
        foreach (var (key, metric) in metrics)
        {
            if (expected[TheirNames.GetValueOrDefault(key, key)] is not JsonValue theirs)
                continue;
            var value = theirs.GetValue<double>();
            metric.Value.ShouldNotBeNull($"{sample} {key}").ShouldBe(value, Math.Max(Math.Abs(value), 1e-9) * Relative, $"{sample} {key}");
            compared++;
        }

        compared.ShouldBeGreaterThanOrEqualTo(14);
        report.HasBaseline.ShouldBeTrue();
    }
}
