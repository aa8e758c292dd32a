using MlOpsPortal.Benchmarks;

// One verb per benchmark, one file per verb.
var benchmarks = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["silo"] = SiloBenchmark.RunAsync,
};

if (args is [var verb, ..] && benchmarks.TryGetValue(verb, out var run))
{
    await run();
    return 0;
}

await Console.Error.WriteLineAsync($"Say which benchmark: {string.Join(", ", benchmarks.Keys)}.");
return 2;
