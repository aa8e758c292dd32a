namespace MlOpsPortal.Benchmarks.Tracking;

/// <summary>Times of one kind of call, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    public int Count => values.Count;

    public double P50 => At(0.5);

    public double P99 => At(0.99);

    public void Add(double milliseconds) => values.Add(milliseconds);

    public static async Task<Samples> TakeAsync(int count, Func<int, Task<double>> measure)
    {
        var samples = new Samples();
        for (var number = 0; number < count; number++)
            samples.Add(await measure(number));
        return samples;
    }

    private double At(double share) => values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * share)));
}
