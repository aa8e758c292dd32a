using MlOpsPortal.Tracking.Metrics;

namespace MlOpsPortal.Tracking;

/// <summary>A sample of a short history: the first point of each equal part, and the last of all.</summary>
public sealed class MetricSamplerTests
{
    [Theory]
    [InlineData(0, 3, "")]
    [InlineData(1, 1, "0")]
    [InlineData(5, 5, "0 1 2 3 4")]
    [InlineData(5, 9, "0 1 2 3 4")]
    [InlineData(10, 1, "9")]
    [InlineData(10, 2, "0 9")]
    [InlineData(10, 3, "0 4 9")]
    [InlineData(11, 4, "0 3 6 10")]
    [InlineData(100, 4, "0 25 50 99")]
    public void First_and_last_stay_and_the_rest_is_even(int count, int most, string expected) =>
        string.Join(' ', MetricSampler.Cut([.. Enumerable.Range(0, count).Select(step => new Metric("m", step, step, step))], most).Select(point => point.Step)).ShouldBe(expected);
}
