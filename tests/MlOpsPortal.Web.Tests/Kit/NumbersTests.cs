using System.Globalization;
using MlOpsPortal.Web.Components.Kit;

namespace MlOpsPortal.Web.Kit;

public sealed class NumbersTests
{
    public NumbersTests() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

    [Fact]
    public void None_is_a_dash_everywhere() =>
        new[] { Numbers.Count(null), Numbers.Metric(null), Numbers.Value(double.NaN), Numbers.Percent(null), Numbers.Interval(0.1, null), Numbers.Bytes(null), Numbers.Duration(null) }
            .ShouldAllBe(text => text == "–");

    [Theory]
    [InlineData(159.7, "159.7")]
    [InlineData(0.09994, "0.09994")]
    [InlineData(1204.4, "1,204")]
    [InlineData(0, "0")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1e-9, "1E-9")]
    public void A_value_has_at_most_four_significant_digits(double value, string text) => Numbers.Value(value).ShouldBe(text);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(85_000, "85 kB")]
    [InlineData(1_400_000, "1.4 MB")]
    [InlineData(999_999, "1 MB")]
    public void Bytes_use_decimal_units(long bytes, string text) => Numbers.Bytes(bytes).ShouldBe(text);

    [Fact]
    public void A_ratio_is_shown_as_percent() => Numbers.Percent(0.621).ShouldBe("62.1 %");

    [Theory]
    [InlineData(0.8, "0.8 ms")]
    [InlineData(40_000, "40 s")]
    [InlineData(120_000, "2 min")]
    public void A_duration_has_one_unit(double milliseconds, string text) => Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Theory]
    [InlineData(-20, "now")]
    [InlineData(-120, "2 min ago")]
    [InlineData(7_200, "in 2 h")]
    [InlineData(-86_400 * 3, "3 d ago")]
    [InlineData(-86_400 * 30, "10 Aug")]
    [InlineData(-86_400 * 300, "13 Nov 2024")]
    public void A_time_reads_from_now(double seconds, string text)
    {
        var now = new DateTimeOffset(2025, 9, 9, 12, 0, 0, TimeSpan.Zero);

        Times.Relative(now.AddSeconds(seconds), now).ShouldBe(text);
    }
}
