using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace MlOpsPortal.Cli.Reports;

/// <summary>What is counted. The order is that of the report.</summary>
internal enum Kind
{
    Experiments,
    Runs,
    MetricPoints,
    Parameters,
    Tags,
    DatasetInputs,
    ModelLinks,
    Files,
    LoggedModels,
    RegisteredModels,
    ModelVersions,
    Aliases,
    Stages,
}

/// <summary>What came of one thing that was read.</summary>
internal enum Outcome
{
    Written,
    Present,
    Skipped,
}

/// <param name="Attention">Somebody should do something about it; without it, the note explains a difference that has to be.</param>
internal sealed record Note(Kind Kind, string What, string Reason, bool Attention);

/// <summary>Figures of one kind.</summary>
internal sealed record Count(Kind Kind, long Read, long Written, long Present, long Skipped);

/// <summary>Counts what is read, written, there already and skipped, and keeps a line for each thing that is not as it was at the source. For many threads.</summary>
internal sealed class Report
{
    private readonly long[,] counts = new long[Enum.GetValues<Kind>().Length, Enum.GetValues<Outcome>().Length];
    private readonly ConcurrentQueue<Note> notes = new();
    private long bytes;

    /// <summary>Bytes of files written.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public ImmutableArray<Note> Notes => [.. notes.OrderBy(note => note.Kind)];

    public ImmutableArray<Count> Counts => [.. Enum.GetValues<Kind>().Select(Of)];

    public bool NeedsAttention => notes.Any(note => note.Attention);

    public Count Of(Kind kind)
    {
        var (written, present, skipped) = (At(kind, Outcome.Written), At(kind, Outcome.Present), At(kind, Outcome.Skipped));
        return new Count(kind, written + present + skipped, written, present, skipped);
    }

    public void Add(Kind kind, Outcome outcome, long amount = 1) => Interlocked.Add(ref counts[(int)kind, (int)outcome], amount);

    public void AddBytes(long amount) => Interlocked.Add(ref bytes, amount);

    /// <summary>Not copied, and why.</summary>
    public void Skip(Kind kind, string what, string reason)
    {
        Add(kind, Outcome.Skipped);
        notes.Enqueue(new Note(kind, what, reason, Attention: true));
    }

    /// <summary>Copied, or left out on purpose, with a difference that somebody may ask about.</summary>
    public void Tell(Kind kind, string what, string reason) => notes.Enqueue(new Note(kind, what, reason, Attention: false));

    private long At(Kind kind, Outcome outcome) => Interlocked.Read(ref counts[(int)kind, (int)outcome]);
}
