using System.Text.Json;
using MlOpsPortal.Statistics.Binary;

namespace MlOpsPortal.Statistics.Tests.Binary;

public sealed class BinarySamplesTests
{
    [Theory]
    [MemberData(nameof(Samples.BinaryModels), MemberType = typeof(Samples))]
    public void Metrics_and_curves_equal_those_of_scikit_learn(string folder, string model)
    {
        var data = Samples.Read(folder, model);
        Judge(data.Truth, data.Exported, Samples.Json(folder, "expected", model + ".json").GetProperty("metrics"));
    }

    internal static void Judge(bool[] truth, double[] scores, JsonElement expected)
    {
        var report = BinaryMetrics.Evaluate(truth, scores, expected.GetProperty("threshold").GetDouble());
        report.Rows.ShouldBe(expected.GetProperty("rows").GetInt32());
        report.Positives.ShouldBe(expected.GetProperty("positives").GetInt32());
        foreach (var (key, metric) in report.Metrics)
        {
            var theirs = key switch { "ece" => "ece_10_equal_width (definition)", "partial_auc_fpr_0.1" => "partial_auc_fpr_0.1_mcclish", _ => key };
            metric.Value.ShouldNotBeNull(key).ShouldBe(expected.GetProperty(theirs), key);
        }

        var confusion = expected.GetProperty("confusion");
        report.Confusion.ShouldBe(new Confusion(
            confusion.GetProperty("tn").GetInt32(), confusion.GetProperty("fp").GetInt32(), confusion.GetProperty("fn").GetInt32(), confusion.GetProperty("tp").GetInt32()));
        Calibration(report.CalibrationUniform, expected.GetProperty("calibration_uniform_10"));
        Calibration(report.CalibrationQuantile, expected.GetProperty("calibration_quantile_10"));
        Gains(report.Gains, expected.GetProperty("gain_lift_deciles (definition, stable order)"));
        Roc(BinaryMetrics.RocCurve(truth, scores), expected.GetProperty("roc_curve"));
        PrecisionRecall(BinaryMetrics.PrecisionRecallCurve(truth, scores), expected.GetProperty("pr_curve"));
    }

    private static void Calibration(IReadOnlyList<CalibrationBin> bins, JsonElement expected)
    {
        bins.Count.ShouldBe(expected.GetProperty("mean_predicted").GetArrayLength());
        for (var i = 0; i < bins.Count; i++)
        {
            bins[i].MeanPredicted.ShouldBe(expected.GetProperty("mean_predicted")[i], "mean predicted");
            bins[i].FractionPositive.ShouldBe(expected.GetProperty("fraction_positive")[i], "fraction positive");
        }
    }

    private static void Gains(IReadOnlyList<GainStep> steps, JsonElement expected)
    {
        steps.Count.ShouldBe(expected.GetArrayLength());
        for (var i = 0; i < steps.Count; i++)
        {
            steps[i].Share.ShouldBe(expected[i].GetProperty("share"), "share");
            steps[i].Rows.ShouldBe(expected[i].GetProperty("rows").GetInt32());
            steps[i].Captured.ShouldBe(expected[i].GetProperty("captured").GetInt32());
            steps[i].Gain.ShouldBe(expected[i].GetProperty("gain"), "gain");
            steps[i].Lift.ShouldBe(expected[i].GetProperty("lift"), "lift");
        }
    }

    private static void Roc(IReadOnlyList<RocPoint> points, JsonElement expected)
    {
        points.Count.ShouldBe(expected.GetProperty("points").GetInt32());
        points.Sum(point => point.FalsePositiveRate).ShouldBe(expected.GetProperty("sum_fpr"), "sum of fpr");
        points.Sum(point => point.TruePositiveRate).ShouldBe(expected.GetProperty("sum_tpr"), "sum of tpr");
        points[0].Threshold.ShouldBeNull();
        var first = expected.GetProperty("first_20");
        for (var i = 1; i < first.GetProperty("fpr").GetArrayLength(); i++)
        {
            points[i].FalsePositiveRate.ShouldBe(first.GetProperty("fpr")[i], "fpr");
            points[i].TruePositiveRate.ShouldBe(first.GetProperty("tpr")[i], "tpr");
            points[i].Threshold.ShouldNotBeNull().ShouldBe(first.GetProperty("threshold")[i], "threshold");
        }
    }

    private static void PrecisionRecall(IReadOnlyList<PrecisionRecallPoint> points, JsonElement expected)
    {
        points.Count.ShouldBe(expected.GetProperty("points").GetInt32());
        points.Sum(point => point.Precision).ShouldBe(expected.GetProperty("sum_precision"), "sum of precision");
        points.Sum(point => point.Recall).ShouldBe(expected.GetProperty("sum_recall"), "sum of recall");
    }
}
