using MlOpsPortal.Deployments.Releases;
using MlOpsPortal.Engines.OnnxRuntime;

namespace MlOpsPortal.Deployments.Serving;

/// <summary>A release in memory. Counted: the runtime holds it while it may answer, each request while it runs; the last one frees it.</summary>
internal sealed class LoadedModel
{
    private int holders = 1;

    public LoadedModel(Release release, ScoringPlan plan, OnnxSession session, OnnxRowPool? rows, AnswerPlace answer, bool oneByOne)
    {
        (Release, Plan, Session, Rows, Answer, OneByOne) = (release.Id, plan, session, rows, answer, oneByOne);
        Version = release.Version.Number;
        Label = release.Version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public ReleaseId Release { get; }

    /// <summary>Of the model; what replies carry.</summary>
    public int Version { get; }

    public string Label { get; }

    public ScoringPlan Plan { get; }

    public OnnxSession Session { get; }

    /// <summary>Null when the file's inputs cannot be laid out row by row.</summary>
    public OnnxRowPool? Rows { get; }

    public AnswerPlace Answer { get; }

    /// <summary>The file takes one row at a time.</summary>
    public bool OneByOne { get; }

    public bool IsFreed => Volatile.Read(ref holders) == 0;

    /// <returns>False when it was freed: take the one that replaced it.</returns>
    public bool TryHold()
    {
        var seen = Volatile.Read(ref holders);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref holders, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }

    public void LetGo()
    {
        if (Interlocked.Decrement(ref holders) > 0)
            return;
        Rows?.Dispose();
        Session.Dispose();
    }
}

/// <summary>Where the answer stands in the one output that is computed.</summary>
internal readonly record struct AnswerPlace(AnswerKind Kind, int Column);

internal enum AnswerKind
{
    Floats,
    Doubles,
    Wholes,
    Map,

    /// <summary>Read from batches only.</summary>
    Other,
}
