using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Statistics.Fidelity;

namespace MlOpsPortal.Models.Tests.Fidelity;

public sealed class ReceiptTests
{
    [Theory]
    [InlineData("adult", "xgboost", 62.1, FidelityVerdict.NotReleasable)]
    [InlineData("adult", "random_forest", 0.7, FidelityVerdict.Warning)]
    [InlineData("adult", "logistic", 0, FidelityVerdict.Pass)]
    [InlineData("german_credit", "random_forest", 3.0, FidelityVerdict.Warning)]
    [InlineData("breast_cancer", "logistic", 0, FidelityVerdict.Pass)]
    [InlineData("breast_cancer", "random_forest", 0, FidelityVerdict.Pass)]
    [InlineData("breast_cancer", "mlp", 0, FidelityVerdict.Pass)]
    [InlineData("diabetes", "ridge", 0, FidelityVerdict.Pass)]
    [InlineData("bike", "xgboost", 0, FidelityVerdict.Pass)]
    public void A_receipt_says_how_many_rows_differ_from_the_library(string folder, string model, double percent, FidelityVerdict verdict)
    {
        var sample = new Sample(folder, model);
        using var child = new TestChild();
        var signature = child.Admit(sample.ModelFile).Required();
        var contract = ContractProposer.Propose(signature, sample.Task, sample.Columns(), sample.Target).Contract;

        var receipt = child.Receipt(sample, signature, contract).Required();

        Math.Round(receipt.ShareOver * 100, 1).ShouldBe(percent);
        receipt.Verdict.ShouldBe(verdict);
    }

    [Fact]
    public void The_worst_rows_are_named_by_their_number_in_the_dataset()
    {
        var sample = new Sample("adult", "xgboost");
        using var child = new TestChild();
        var signature = child.Admit(sample.ModelFile).Required();
        var contract = ContractProposer.Propose(signature, sample.Task, sample.Columns(), sample.Target).Contract;

        var receipt = child.Receipt(sample, signature, contract).Required();

        receipt.Rows.ShouldBe(9769);
        receipt.Worst[0].Row.ShouldBe(7362);
        receipt.LargestDifference.ShouldNotBeNull().ShouldBe(sample.Expected()["largest_difference_onnx_to_native"]!.GetValue<double>(), 1e-6);
    }
}
