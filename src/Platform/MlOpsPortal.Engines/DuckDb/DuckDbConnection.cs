namespace MlOpsPortal.Engines.DuckDb;

/// <summary>
/// One connection with a database of its own, closed together. One statement at a time and one open reader at a time;
/// only <see cref="Interrupt"/> and <see cref="Progress"/> may be called from another thread.
/// </summary>
public sealed unsafe class DuckDbConnection : IDisposable
{
    private readonly DuckDbHandle _handle;
    private DuckDbReader? _open;

    private DuckDbConnection(DuckDbHandle handle) => _handle = handle;

    public static string LibraryVersion => DuckDbNative.Text(DuckDbNative.LibraryVersion());

    /// <exception cref="EngineLibraryNotFoundException">DuckDB's library is not here.</exception>
    public static DuckDbConnection OpenInMemory() => new(DuckDbHandle.Open(":memory:"));

    /// <summary>Runs one or more statements without parameters and drops their results.</summary>
    /// <exception cref="DuckDbException">A statement was refused or failed; those before it took effect.</exception>
    public void Execute(string sql, CancellationToken cancellationToken = default)
    {
        EnsureIdle();
        using var interruption = new DuckDbInterruption(this, cancellationToken);
        DuckDbResult result;
        var state = DuckDbNative.Query(_handle, Checked(sql), &result);
        try
        {
            if (state != 0)
                throw Failure(DuckDbNative.Text(DuckDbNative.ResultError(&result)), cancellationToken);
        }
        finally
        {
            DuckDbNative.DestroyResult(&result);
        }
    }

    /// <summary>Runs one statement with parameters (<c>$1</c> or <c>?</c>) and drops its result.</summary>
    /// <returns>Rows that an INSERT, UPDATE, DELETE or COPY changed.</returns>
    public long Execute(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken = default)
    {
        using var reader = Query(sql, parameters, cancellationToken);
        while (reader.Read())
        {
        }

        return reader.RowsChanged;
    }

    /// <summary>
    /// Runs one statement and streams its rows, a chunk of at most 2,048 in memory at a time. Dispose the reader before the next statement.
    /// Parameters: null, bool, integers, float, double, decimal, string, DateOnly, DateTime (as UTC), DateTimeOffset, Guid, byte[].
    /// </summary>
    /// <exception cref="DuckDbException">The statement was refused or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the statement was interrupted.</exception>
    public DuckDbReader Query(string sql, IReadOnlyList<object?>? parameters = null, CancellationToken cancellationToken = default)
    {
        EnsureIdle();
        cancellationToken.ThrowIfCancellationRequested();
        var interruption = new DuckDbInterruption(this, cancellationToken);
        nint statement = 0, pending = 0;
        try
        {
            statement = Prepare(sql);
            DuckDbParameters.Bind(statement, parameters ?? []);
            if (DuckDbNative.Pend(statement, out pending) != 0)
                throw Failure(DuckDbNative.Text(DuckDbNative.PendingError(pending)), cancellationToken);
            DuckDbResult result;
            if (DuckDbNative.ExecutePending(pending, &result) != 0)
            {
                var failure = Failure(DuckDbNative.Text(DuckDbNative.ResultError(&result)), cancellationToken);
                DuckDbNative.DestroyResult(&result);
                throw failure;
            }

            return _open = new DuckDbReader(this, result, interruption, cancellationToken);
        }
        catch
        {
            interruption.Dispose();
            throw;
        }
        finally
        {
            if (pending != 0)
                DuckDbNative.DestroyPending(ref pending);
            if (statement != 0)
                DuckDbNative.DestroyPrepared(ref statement);
        }
    }

    /// <summary>What one statement would do, without running it. Several statements at once are refused.</summary>
    public DuckDbStatement StatementOf(string sql)
    {
        EnsureIdle();
        var statement = Prepare(sql);
        try
        {
            return DuckDbNative.StatementType(statement);
        }
        finally
        {
            DuckDbNative.DestroyPrepared(ref statement);
        }
    }

    /// <summary>The parameters of one statement in the order in which <see cref="Query"/> takes their values: <c>from</c> for <c>$from</c>, a number for <c>?</c> and <c>$1</c>.</summary>
    public IReadOnlyList<string> ParametersOf(string sql)
    {
        EnsureIdle();
        var statement = Prepare(sql);
        try
        {
            var names = new string[DuckDbNative.ParameterCount(statement)];
            for (var at = 0; at < names.Length; at++)
                names[at] = DuckDbNative.TakeText(DuckDbNative.ParameterName(statement, (ulong)at + 1));
            return names;
        }
        finally
        {
            DuckDbNative.DestroyPrepared(ref statement);
        }
    }

    /// <summary>Asks the running statement to stop; it fails with an interrupt. Safe from any thread, no effect when idle or closed.</summary>
    public void Interrupt()
    {
        if (_handle.IsClosed)
            return;
        try
        {
            DuckDbNative.Interrupt(_handle);
        }
        catch (ObjectDisposedException)
        {
            // Closed between the check and the call: there is nothing left to stop.
        }
    }

    /// <summary>How far the running statement is. Safe from any thread. Needs <c>SET enable_progress_bar = true</c> before.</summary>
    public DuckDbProgress Progress() => DuckDbNative.Progress(_handle);

    public void Dispose()
    {
        _open?.Dispose();
        _handle.Dispose();
    }

    internal void Closed(DuckDbReader reader)
    {
        if (ReferenceEquals(_open, reader))
            _open = null;
    }

    internal static Exception Failure(string message, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The statement was interrupted.", new DuckDbException(message), cancellationToken)
            : new DuckDbException(message);

    private static string Checked(string sql) =>
        sql.Contains('\0', StringComparison.Ordinal) ? throw new DuckDbException("Parser Error: the statement holds a NUL character.") : sql;

    private nint Prepare(string sql)
    {
        if (DuckDbNative.Prepare(_handle, Checked(sql), out var statement) == 0)
            return statement;
        var message = DuckDbNative.Text(DuckDbNative.PrepareError(statement));
        DuckDbNative.DestroyPrepared(ref statement);
        throw new DuckDbException(message);
    }

    private void EnsureIdle()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        if (_open is not null)
            throw new InvalidOperationException("A reader of this connection is still open; dispose it before the next statement.");
    }
}

/// <summary>
/// Turns a cancelled token into interrupts. DuckDB forgets an interrupt when a statement starts, so one that comes just before would be lost:
/// it is repeated until the statement has ended.
/// </summary>
internal sealed class DuckDbInterruption : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private readonly DuckDbConnection _connection;
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _lock = new();
    private Timer? _timer;
    private bool _ended;

    internal DuckDbInterruption(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        _connection = connection;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static state => ((DuckDbInterruption)state!).Start(), this);
    }

    public void Dispose()
    {
        _registration.Dispose();
        lock (_lock)
        {
            _ended = true;
            _timer?.Dispose();
        }
    }

    private void Start()
    {
        lock (_lock)
        {
            if (!_ended)
                _timer = new Timer(_ => Strike(), null, TimeSpan.Zero, Again);
        }
    }

    private void Strike()
    {
        lock (_lock)
        {
            if (!_ended)
                _connection.Interrupt();
        }
    }
}
