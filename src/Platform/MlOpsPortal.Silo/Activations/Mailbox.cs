namespace MlOpsPortal.Silo;

/// <summary>
/// Which turn may run now, and which waits. Turns start in the order they came; [AlwaysInterleave] turns start at once, [ReadOnly] turns share
/// the grain with each other and do not overtake a waiting writer. Not thread-safe: its activation locks.
/// </summary>
internal sealed class Mailbox(int capacity)
{
    private readonly Queue<Turn> _waiting = new();
    private readonly List<Turn> _running = [];

    /// <summary>Turns start; before activation and while it ends, they only wait.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The activation ends with its running turns: nothing starts but what they wait for.</summary>
    public bool IsEnding { get; set; }

    public int Waiting => _waiting.Count;

    public bool HasRunning => _running.Count > 0;

    public bool IsEmpty => _waiting.Count == 0 && _running.Count == 0;

    public bool IsFull => _waiting.Count >= capacity;

    /// <summary>True when the turn starts now, false when it waits.</summary>
    public bool Admit(Turn turn)
    {
        if ((_waiting.Count == 0 || turn.Overtakes) && MayStart(turn))
        {
            _running.Add(turn);
            return true;
        }

        _waiting.Enqueue(turn);
        return false;
    }

    public void End(Turn turn) => _running.Remove(turn);

    /// <summary>The next waiting turn that may start now.</summary>
    public Turn? Next()
    {
        if (!_waiting.TryPeek(out var turn) || !MayStart(turn))
            return null;
        _running.Add(_waiting.Dequeue());
        return turn;
    }

    /// <summary>Empties the queue.</summary>
    public Turn[] TakeWaiting()
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        return waiting;
    }

    private bool MayStart(Turn turn)
    {
        if (!IsOpen || (IsEnding && !turn.ComesFromWithin))
            return false;
        if (turn.Interleaves)
            return true;
        foreach (var running in _running)
        {
            if (!running.Interleaves && !(running.IsReadOnly && turn.IsReadOnly))
                return false;
        }

        return true;
    }
}
