using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Statistics.Tests.Fidelity;

public sealed class FidelityCheckTests
{
    [Theory]
    [MemberData(nameof(Samples.BinaryModels), MemberType = typeof(Samples))]
    public void Share_and_largest_difference_are_those_of_the_samples(string folder, string model)
    {
        var expected = Samples.Json(folder, "expected", model + ".json");
        var receipt = Receipt(folder, model);
        receipt.ShareOver.ShouldBe(expected.GetProperty("share_of_rows_differing_over_0.001"), "share");
        // The judge looked at both class columns, whose float32 roundings differ by up to a step of 6e-8.
        receipt.LargestDifference!.Value.ShouldBe(expected.GetProperty("largest_difference_onnx_to_native").GetDouble(), 6e-8);
        receipt.Histogram.Sum(bin => bin.Rows).ShouldBe(receipt.Rows);
        receipt.Worst[0].Difference.ShouldBe(receipt.LargestDifference);
    }

    [Theory]
    [InlineData("adult", "xgboost", FidelityVerdict.NotReleasable, 0.621)]
    [InlineData("adult", "random_forest", FidelityVerdict.Warning, 0.007)]
    [InlineData("breast_cancer", "random_forest", FidelityVerdict.Pass, 0)]
    [InlineData("breast_cancer", "xgboost", FidelityVerdict.Pass, 0)]
    public void A_faulty_export_is_refused_and_a_slightly_different_one_warned_about(string folder, string model, FidelityVerdict verdict, double share)
    {
        var receipt = Receipt(folder, model);
        receipt.Verdict.ShouldBe(verdict);
        receipt.ShareOver.ShouldBe(share, 0.0005);
    }

    [Fact]
    public void Limits_are_parameters()
    {
        var rows = Samples.Read("adult", "xgboost");
        FidelityCheck.Compare(rows.Exported, rows.Native, new FidelityRule(RefuseAboveShare: 0.7)).Verdict.ShouldBe(FidelityVerdict.Warning);
        FidelityCheck.Compare(rows.Exported, rows.Native, new FidelityRule(Tolerance: 0.9)).Verdict.ShouldBe(FidelityVerdict.Pass);
        FidelityRule.ForRegression(80).Tolerance.ShouldBe(0.08);
    }

    [Fact]
    public void Not_a_number_agrees_only_with_itself()
    {
        var receipt = FidelityCheck.Compare([double.NaN, double.NaN, 1, double.PositiveInfinity], [double.NaN, 1, 1, 5], new FidelityRule());
        receipt.RowsOver.ShouldBe(2);
        receipt.RowsNotFinite.ShouldBe(2);
        receipt.LargestDifference.ShouldBe(0);
        receipt.Worst.ShouldBe([new(1, null, 1, null), new(3, null, 5, null)]);
        receipt.Verdict.ShouldBe(FidelityVerdict.NotReleasable);
    }

    [Fact]
    public void Nothing_compared_is_not_releasable()
    {
        var receipt = FidelityCheck.Compare([], [], new FidelityRule());
        (receipt.Verdict, receipt.Reason).ShouldBe((FidelityVerdict.NotReleasable, NotComputable.NoRows));
        Should.Throw<ArgumentException>(() => FidelityCheck.Compare([1], [], new FidelityRule()));
    }

    private static FidelityReceipt Receipt(string folder, string model)
    {
        var rows = Samples.Read(folder, model);
        return FidelityCheck.Compare(rows.Exported, rows.Native, new FidelityRule());
    }
}
