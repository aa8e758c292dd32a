using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.SampleGrains;

namespace MlOpsPortal.Benchmarks;

/// <summary>Calls per second of grains and of their peer, a bare mailbox: rounds alternate between the two, and medians are compared.</summary>
internal static class SiloBenchmark
{
    private const int Rounds = 9;
    private const int Calls = 400_000;
    private const int Keys = 1_000;
    private const int Callers = 64;

    public static async Task RunAsync()
    {
        await using var services = new ServiceCollection().AddSilo(typeof(CounterGrain).Assembly).Services
            .AddSingleton<Journal>().BuildServiceProvider();
        var factory = services.GetRequiredService<IGrainFactory>();
        var grains = Enumerable.Range(0, Keys).Select(key => factory.GetGrain<ICounterGrain>($"k{key}")).ToArray();
        var mailboxes = Enumerable.Range(0, Keys).Select(_ => new BareMailbox()).ToArray();

        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {Calls:N0} calls a round, median of {Rounds} rounds");
        Console.WriteLine("| case | bare mailbox, calls/s | grain, calls/s | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        await CompareAsync("one in sequence", 1, index => mailboxes[0].Increment(), index => grains[0].Increment());
        await CompareAsync("1,000 from 64 callers", Callers, index => mailboxes[index % Keys].Increment(), index => grains[index % Keys].Increment());
    }

    private static async Task CompareAsync(string name, int callers, Func<int, Task<int>> bare, Func<int, Task<int>> grain)
    {
        await RateAsync(callers, bare);
        await RateAsync(callers, grain);
        List<double> bareRates = [], grainRates = [];
        for (var round = 0; round < Rounds; round++)
        {
            bareRates.Add(await RateAsync(callers, bare));
            grainRates.Add(await RateAsync(callers, grain));
        }

        var (theirs, ours) = (Median(bareRates), Median(grainRates));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {theirs:N0} | {ours:N0} | {ours / theirs:F2} |"));
    }

    private static async Task<double> RateAsync(int callers, Func<int, Task<int>> call)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < Calls; i += callers)
                await call(i);
        })));
        return Calls / clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>The least that gives turns and replies: a bounded channel, one reader, a task completion source per call.</summary>
    private sealed class BareMailbox
    {
        private readonly Channel<TaskCompletionSource<int>> _calls =
            Channel.CreateBounded<TaskCompletionSource<int>>(new BoundedChannelOptions(10_000) { SingleReader = true });

        private readonly Task _reader;
        private int _value;

        public BareMailbox() => _reader = Task.Run(ReadAsync);

        public async Task<int> Increment()
        {
            ObjectDisposedException.ThrowIf(_reader.IsCompleted, this);
            var reply = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _calls.Writer.WriteAsync(reply);
            return await reply.Task;
        }

        private async Task ReadAsync()
        {
            await foreach (var reply in _calls.Reader.ReadAllAsync())
                reply.SetResult(++_value);
        }
    }
}
