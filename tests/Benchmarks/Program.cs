using MlOpsPortal.Benchmarks;
using MlOpsPortal.Benchmarks.Tracking;

// One verb per benchmark, one file per verb.
var benchmarks = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["serving"] = ServingBenchmark.RunAsync,
    ["silo"] = _ => SiloBenchmark.RunAsync(),
    ["tracking"] = TrackingBenchmark.RunAsync,
};

if (args is [var verb, .. var rest] && benchmarks.TryGetValue(verb, out var run))
{
    await run(rest);
    return 0;
}

await Console.Error.WriteLineAsync($"Say which benchmark: {string.Join(", ", benchmarks.Keys)}.");
return 2;
