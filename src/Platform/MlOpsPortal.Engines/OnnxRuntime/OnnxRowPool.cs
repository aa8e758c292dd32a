using System.Collections.Concurrent;

namespace MlOpsPortal.Engines.OnnxRuntime;

/// <summary>Rows to score with, rented and given back. Holds as many as were ever out at the same time.</summary>
public sealed class OnnxRowPool : IDisposable
{
    private readonly ConcurrentQueue<OnnxRow> _free = new();
    private readonly OnnxSession _session;
    private readonly int[] _outputs;
    private volatile bool _disposed;

    internal OnnxRowPool(OnnxSession session, int[] outputs)
    {
        _session = session;
        _outputs = outputs;
        _free.Enqueue(new OnnxRow(this, session, outputs));
    }

    /// <summary>A row to fill and run. Dispose it to give it back.</summary>
    /// <exception cref="ObjectDisposedException">The session was disposed: take the new one.</exception>
    public OnnxRow Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var row = _free.TryDequeue(out var free) ? free : new OnnxRow(this, _session, _outputs);
        try
        {
            row.Begin();
        }
        catch
        {
            row.Free();
            throw;
        }

        return row;
    }

    /// <summary>Frees the rows at rest now and the ones still out when they come back.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_free.TryDequeue(out var row))
            row.Free();
    }

    internal void Return(OnnxRow row)
    {
        _free.Enqueue(row);
        if (_disposed)
            Dispose();
    }
}
