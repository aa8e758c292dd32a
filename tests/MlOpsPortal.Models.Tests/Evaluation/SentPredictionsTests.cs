using System.Globalization;
using System.Text.Json.Nodes;
using MlOpsPortal.Engines.DuckDb;
using MlOpsPortal.Models.Contracts;
using MlOpsPortal.Models.Evaluation;
using MlOpsPortal.Models.Evaluation.Breakdown;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Tests.Evaluation;

/// <summary>Predictions that were made elsewhere, read and judged as the child does it.</summary>
public sealed class SentPredictionsTests : IDisposable
{
    private static readonly ModelContract Loans = new(MlTask.Binary, "bad", "1", ContractOutput.None, [], 0.5);
    private static readonly ModelContract Bought = new(MlTask.Binary, "bought", "yes", ContractOutput.None, [], 0.5);
    private readonly string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "sent-" + Guid.NewGuid().ToString("n"))).FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("logistic")]
    [InlineData("random_forest")]
    [InlineData("gradient_boosting")]
    public void German_credits_prediction_files_give_scikit_learns_and_fairlearns_values(string model)
    {
        var sample = new Sample("german_credit", model);
        using var child = new TestChild();

        var answer = child.Judge(sample.Test, sample.Predictions, Loans, breakdown: new BreakdownSpec(Slices: false, ["sex"], null)).Required();

        answer.Rows.ShouldBe(400);
        var expected = sample.Expected();
        Fairness.ShouldEqual(answer.Report.Metrics, expected["metrics"]!, 1e-9, atLeast: 14);
        Fairness.ShouldEqual(answer.Breakdown.ShouldNotBeNull().Fairness.ShouldHaveSingleItem(), expected["fairness"]!["sex"]!, 1e-9);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("lightgbm")]
    public void Probabilities_of_several_classes_are_read_by_the_number_of_the_class(string model)
    {
        var sample = new Sample("wine", model);
        using var child = new TestChild();
        var contract = new ModelContract(MlTask.Multiclass, "target", null, ContractOutput.None, [], null) { Classes = ["0", "1", "2"] };

        var answer = child.Judge(sample.Test, sample.Predictions, contract).Required();

        Fairness.ShouldEqual(answer.Report.Metrics, sample.Expected()["metrics"]!, 1e-9, atLeast: 14);
    }

    [Fact]
    public void Rows_are_found_by_a_declared_key_in_any_order_and_in_parquet_too()
    {
        var data = Parquet("data", "SELECT * FROM (VALUES ('007', 'yes'), ('7', 'no'), ('a', 'no')) AS t(client, bought)");
        var csv = Csv("client,probability", "a,0.2", "007,0.9", "7,0.1");
        var parquet = Parquet("sent", "SELECT * FROM (VALUES ('a', 0.2), ('007', 0.9), ('7', 0.1)) AS t(client, probability)");

        foreach (var sent in new[] { csv, parquet })
        {
            using var child = new TestChild();
            child.Judge(data, sent, Bought, "client").Required().Report.Metrics["roc_auc"].Value.ShouldBe(1);
            File.ReadAllLines(child.Output(EvaluateVerb.PredictionsFile)).ShouldBe(["row,actual,predicted", "0,1,0.9", "1,0,0.1", "2,0,0.2"]);
        }
    }

    [Fact]
    public void Numbers_as_keys_are_one_however_they_are_written()
    {
        var data = Parquet("data", "SELECT * FROM (VALUES (1::BIGINT, 'yes'), (2::BIGINT, 'no')) AS t(client, bought)");

        Judge(data, Csv("client,probability", "2.0,0.2", "1.0,0.9"), "client").IsOk.ShouldBeTrue();
    }

    [Fact]
    public void Missing_repeated_and_unknown_keys_are_counted_and_nothing_is_measured()
    {
        var data = Parquet("data", "SELECT 'c' || i AS client, CASE WHEN i % 2 = 0 THEN 'yes' ELSE 'no' END AS bought FROM range(10) AS t(i)");

        var refusal = Judge(data, Csv("client,probability", "c0,0.1", "c1,0.1", "c1,0.2", "x,0.3", "y,0.4"), "client").Refusal.ShouldNotBeNull();

        refusal.Code.ShouldBe("models.sent_keys");
        refusal.Args[..2].ShouldBe(["10", "5"]);
        refusal.Args[2].ShouldStartWith("8 (c2, c3, c4, c5, c6, …)");
        refusal.Args[3].ShouldBe("1 (c1)");
        refusal.Args[4].ShouldBe("2 (x, y)");
    }

    public static TheoryData<string, string?, string[]> Bad() => new()
    {
        { "models.sent_keys", null, ["row,probability", "0,0.1"] },
        { "models.sent_keys", null, ["probability", "0.1", "0.2", "0.3"] },
        { "models.sent_keys", null, ["row,probability", "-1,0.1", "one,0.2"] },
        { "models.sent_probabilities", null, ["row,probability", "0,0.1", "1,1.5"] },
        { "models.sent_probabilities", null, ["row,probability", "0,0.1", "1,"] },
        { "models.sent_probabilities", null, ["row,probability", "0,0.1", "1,nan"] },
        { "models.sent_probabilities", null, ["row,probability", "0,0.1", "1,high"] },
        { "models.sent_no_value", null, ["row,chance", "0,0.1", "1,0.2"] },
        { "models.sent_no_key", "client", ["row,probability", "0,0.1", "1,0.2"] },
        { "models.columns_missing", "shop", ["shop,probability", "0,0.1", "1,0.2"] },
        { "models.key_not_unique", "region", ["region,probability", "n,0.1", "s,0.2"] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_does_not_fit_is_refused_by_name(string code, string? key, string[] lines)
    {
        var data = Parquet("data", "SELECT * FROM (VALUES (1, 'n', 'yes'), (2, 'n', 'no')) AS t(client, region, bought)");

        Judge(data, Csv(lines), key).Refusal.ShouldNotBeNull().Code.ShouldBe(code);
    }

    [Fact]
    public void A_file_that_is_neither_csv_nor_parquet_is_unreadable_or_lacks_its_columns()
    {
        var data = Parquet("data", "SELECT 1 AS client, 'yes' AS bought");
        var truncated = Path.Combine(folder, "cut.parquet");
        File.WriteAllBytes(truncated, [.. "PAR1"u8, 1, 2, 3]);

        Judge(data, truncated).Refusal.ShouldNotBeNull().Code.ShouldBe("models.sent_unreadable");
        Judge(data, Write("pickle", [0x80, 0x04, 0x95, 0x00, 0x00, 0x2e])).Refusal.ShouldNotBeNull().Code.ShouldStartWith("models.sent_");
    }

    private static Result<EvaluateAnswer> Judge(string data, string sent, string? key = null)
    {
        using var child = new TestChild();
        return child.Judge(data, sent, Bought, key);
    }

    private string Csv(params string[] lines) => Write("sent.csv", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Parquet(string name, string select)
    {
        var path = Path.Combine(folder, name + ".parquet");
        using var connection = DuckDbConnection.OpenInMemory();
        connection.Execute($"COPY ({select}) TO '{path}' (FORMAT parquet)");
        return path;
    }
}

/// <summary>Compares with the numbers of scikit-learn and Fairlearn.</summary>
internal static class Fairness
{
    private static readonly Dictionary<string, string> TheirNames = new(StringComparer.Ordinal)
    {
        ["ece"] = "ece_10_equal_width (definition)",
        ["partial_auc_fpr_0.1"] = "partial_auc_fpr_0.1_mcclish",
        ["brier_sum"] = "brier_sum (definition)",
    };

    public static void ShouldEqual(IReadOnlyDictionary<string, Statistics.Metric> metrics, JsonNode expected, double relative, int atLeast)
    {
        var compared = 0;
        foreach (var (key, metric) in metrics)
        {
            if (expected[TheirNames.GetValueOrDefault(key, key)] is not JsonValue theirs)
                continue;
            Close(metric.Value, theirs, relative, key);
            compared++;
        }

        compared.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    public static void ShouldEqual(Statistics.Fairness.FairnessReport report, JsonNode expected, double relative)
    {
        report.LeftOut.ShouldBeEmpty();
        ShouldEqual(report.Overall.Rates, expected["overall"]!, relative, atLeast: 7);
        report.Groups.Select(group => group.Group).ShouldBe(expected["by_group"]!.AsObject().Select(group => group.Key), ignoreOrder: true);
        foreach (var group in report.Groups)
        {
            group.Rows.ShouldBe((int)expected["by_group"]![group.Group]!["rows"]!.GetValue<double>());
            ShouldEqual(group.Rates, expected["by_group"]![group.Group]!, relative, atLeast: 7);
        }

        ShouldEqual(report.Differences, expected["difference_between_groups"]!, relative, atLeast: 7);
        ShouldEqual(report.Ratios, expected["ratio_between_groups"]!, relative, atLeast: 7);
        ShouldEqual(report.DifferencesToOverall, expected["difference_to_overall"]!, relative, atLeast: 7);
        Close(report.DemographicParityDifference.Value, expected["demographic_parity_difference"]!, relative, "demographic parity difference");
        Close(report.DemographicParityRatio.Value, expected["demographic_parity_ratio"]!, relative, "demographic parity ratio");
        Close(report.EqualizedOddsDifference.Value, expected["equalized_odds_difference"]!, relative, "equalized odds difference");
        Close(report.EqualizedOddsRatio.Value, expected["equalized_odds_ratio"]!, relative, "equalized odds ratio");
        Close(report.EqualOpportunityDifference.Value, expected["equal_opportunity_difference"]!, relative, "equal opportunity difference");
    }

    private static void Close(double? actual, JsonNode expected, double relative, string what)
    {
        var value = expected.GetValue<double>();
        actual.ShouldNotBeNull(what).ShouldBe(value, Math.Max(Math.Abs(value) * relative, 1e-14), string.Create(CultureInfo.InvariantCulture, $"{what}"));
    }
}
