using System.Text.Json;
using MlOpsPortal.Datasets.Profiling;

namespace MlOpsPortal.Datasets.Tests.Profiling;

/// <summary>Judged by pandas and numpy: samples/*/expected/profile.json.</summary>
public sealed class ProfileTests : IDisposable
{
    private const double Close = 1e-9;
    private readonly TestChildren children = new();

    [Theory]
    [InlineData("breast_cancer")]
    [InlineData("adult")]
    [InlineData("german_credit")]
    [InlineData("diabetes")]
    [InlineData("bike")]
    public async Task A_profile_equals_the_one_of_pandas(string sample)
    {
        var answer = (await children.ReadAsync(TestChildren.Sample($"{sample}/train.csv"))).Required();
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(TestChildren.Sample($"{sample}/expected/profile.json")));
        var root = expected.RootElement;

        answer.Profile.Rows.ShouldBe(root.GetProperty("rows").GetInt64());
        answer.Columns.Length.ShouldBe(root.GetProperty("columns").GetInt32());
        answer.Profile.DuplicateRows.ShouldBe(root.GetProperty("duplicate_rows").GetInt64());
        answer.Profile.Columns.Select(column => column.Name).ShouldBe(root.GetProperty("column").EnumerateObject().Select(column => column.Name));
        foreach (var column in answer.Profile.Columns)
            Compare(column, root.GetProperty("column").GetProperty(column.Name));
        foreach (var correlation in answer.Profile.Correlations)
            Near(correlation.Pearson, root.GetProperty("pearson").GetProperty(correlation.A).GetProperty(correlation.B), $"{correlation.A} {correlation.B}");
    }

    [Fact]
    public async Task A_Parquet_file_gives_the_profile_of_its_CSV()
    {
        var csv = (await children.ReadAsync(TestChildren.Sample("adult/train.csv"))).Required();
        var parquet = (await children.ReadAsync(TestChildren.Sample("adult/train.parquet"))).Required();
        parquet.Columns.ShouldBe(csv.Columns);
        JsonSerializer.Serialize(parquet.Profile).ShouldBe(JsonSerializer.Serialize(csv.Profile));
    }

    [Fact]
    public async Task What_cannot_be_computed_is_null_and_never_a_guess()
    {
        var answer = (await children.ReadAsync("a,b,c,d\n1.5,,x,7\n,,y,7\n"u8.ToArray())).Required();
        var (a, b, d) = (answer.Profile.Columns[0], answer.Profile.Columns[1], answer.Profile.Columns[3]);
        a.Number.ShouldNotBeNull().StandardDeviation.ShouldBeNull();
        a.Number!.Skewness.ShouldBeNull();
        (b.Missing, b.Distinct, b.Number, b.Text).ShouldBe((2, 0, null, null));
        d.Number.ShouldNotBeNull().StandardDeviation.ShouldBe(0);
        d.Number!.Histogram.Counts.Sum().ShouldBe(2);
    }

    [Fact]
    public async Task Infinities_are_counted_and_left_out_and_NaN_is_missing()
    {
        var answer = (await children.ReadAsync("a\n1e999\n-inf\nNaN\n2.5\n3.5\n"u8.ToArray())).Required();
        var column = answer.Profile.Columns[0];
        (column.Type, column.Missing, column.Number!.Infinite, column.Number.Mean, column.Number.Max).ShouldBe((ColumnType.Number, 1L, 2L, 3.0, 3.5));
    }

    public void Dispose() => children.Dispose();

    private static void Compare(ColumnProfile column, JsonElement expected)
    {
        column.Missing.ShouldBe(expected.GetProperty("missing").GetInt64(), column.Name);
        column.Distinct.ShouldBe(expected.GetProperty("distinct").GetInt64(), column.Name);
        if (expected.GetProperty("kind").GetString() == "text")
        {
            var text = column.Text.ShouldNotBeNull(column.Name);
            text.MinLength.ShouldBe(expected.GetProperty("length").GetProperty("min").GetInt64());
            text.MaxLength.ShouldBe(expected.GetProperty("length").GetProperty("max").GetInt64());
            Near(text.MeanLength, expected.GetProperty("length").GetProperty("mean"), column.Name);
            column.Top.Select(top => (top.Value, top.Count)).ShouldBe(expected.GetProperty("top_10 (ties by text)").EnumerateArray().Select(top => (top[0].GetString()!, top[1].GetInt64())));
            return;
        }

        var number = column.Number.ShouldNotBeNull(column.Name);
        Near(number.Min, expected.GetProperty("min"), column.Name);
        Near(number.Max, expected.GetProperty("max"), column.Name);
        Near(number.Mean, expected.GetProperty("mean"), column.Name);
        Near(number.StandardDeviation, expected.GetProperty("sd_sample"), column.Name);
        Near(number.Sum, expected.GetProperty("sum"), column.Name);
        Near(number.Skewness, expected.GetProperty("skewness_bias_corrected"), column.Name);
        Near(number.Kurtosis, expected.GetProperty("kurtosis_excess_bias_corrected"), column.Name);
        number.Zeros.ShouldBe(expected.GetProperty("zeros").GetInt64(), column.Name);
        number.Negative.ShouldBe(expected.GetProperty("negative").GetInt64(), column.Name);
        foreach (var (quantile, wanted) in number.Quantiles.Zip(expected.GetProperty("quantiles").EnumerateObject()))
            Near(quantile.Value, wanted.Value, $"{column.Name} {wanted.Name}");
        var histogram = expected.GetProperty("histogram_20_equal_width");
        number.Histogram.Counts.ShouldBe(histogram.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()), column.Name);
        foreach (var (edge, wanted) in number.Histogram.Edges.Zip(histogram.GetProperty("edges").EnumerateArray()))
            Near(edge, wanted, column.Name);
    }

    private static void Near(double? actual, JsonElement expected, string what)
    {
        var wanted = expected.GetDouble();
        actual.ShouldNotBeNull(what).ShouldBe(wanted, Math.Max(Math.Abs(wanted) * Close, 1e-12), what);
    }
}
