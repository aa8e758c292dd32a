using System.Collections.Concurrent;

namespace MlOpsPortal.SampleGrains;

/// <summary>What happened in the grains of a test, in order, and the gates that hold them.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Note(string line)
    {
        _lines.Enqueue(line);
        Signal($"noted {line}").TrySetResult();
    }

    /// <summary>Completes when this line is first noted.</summary>
    public Task Noted(string line) => Signal($"noted {line}").Task;

    public void Open(string gate) => Signal($"gate {gate}").TrySetResult();

    /// <summary>Whoever waits at the gate gets this exception.</summary>
    public void Break(string gate, Exception exception) => Signal($"gate {gate}").TrySetException(exception);

    public Task Gate(string gate) => Signal($"gate {gate}").Task;

    private TaskCompletionSource Signal(string name) =>
        _signals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
