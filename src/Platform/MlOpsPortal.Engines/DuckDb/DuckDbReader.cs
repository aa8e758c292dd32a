namespace MlOpsPortal.Engines.DuckDb;

/// <summary>
/// Rows of one statement, streamed. Getters take the column's index; a null throws where the type has none (ask <see cref="IsNull"/>).
/// Integers of any width read as <see cref="GetInt64"/>, any number as <see cref="GetDouble"/>; everything else by its own type.
/// </summary>
public sealed unsafe class DuckDbReader : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly DuckDbInterruption _interruption;
    private readonly CancellationToken _cancellationToken;
    private readonly DuckDbLogicalType[] _types;
    private readonly DuckDbVector[] _vectors;
    private DuckDbResult _result;
    private nint _chunk;
    private int _row = -1;
    private int _rows;
    private bool _ended;

    internal DuckDbReader(DuckDbConnection connection, DuckDbResult result, DuckDbInterruption interruption, CancellationToken cancellationToken)
    {
        _connection = connection;
        _result = result;
        _interruption = interruption;
        _cancellationToken = cancellationToken;
        var columns = new DuckDbColumn[DuckDbNative.ColumnCount(&result)];
        _types = new DuckDbLogicalType[columns.Length];
        _vectors = new DuckDbVector[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            _types[i] = DuckDbLogicalType.Take(DuckDbNative.ColumnType(&result, (ulong)i));
            columns[i] = new(DuckDbNative.Text(DuckDbNative.ColumnName(&result, (ulong)i)), _types[i].Id);
        }

        Columns = columns;
    }

    public IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>Rows that an INSERT, UPDATE, DELETE or COPY changed; DuckDB reports them as its one result row. 0 for a query.</summary>
    public long RowsChanged { get; private set; }

    /// <summary>Moves to the next row; false after the last.</summary>
    /// <exception cref="DuckDbException">The statement failed on the way: a bad line of a file, a cast, the memory limit.</exception>
    public bool Read()
    {
        while (!_ended && ++_row >= _rows)
            NextChunk();
        return !_ended;
    }

    public bool IsNull(int column) => Vector(column).IsNull(_row);

    public bool GetBoolean(int column) => Vector(column).Boolean(_row);

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public long GetInt64(int column) => Vector(column).Int64(_row);

    public Int128 GetInt128(int column) => Vector(column).Int128(_row);

    public double GetDouble(int column) => Vector(column).Double(_row);

    /// <exception cref="OverflowException">A decimal of more than 28 digits.</exception>
    public decimal GetDecimal(int column) => Vector(column).Decimal(_row);

    /// <summary>Text, an enum's name or a UUID.</summary>
    public string GetString(int column) => Vector(column).Text(_row);

    /// <summary>Any timestamp, as UTC, cut to 100 ns.</summary>
    /// <exception cref="DuckDbException">It lies outside the years 1 to 9999 (DuckDB knows infinity and the year 290,000): cast it to text.</exception>
    public DateTime GetTimestamp(int column) => Vector(column).Timestamp(_row);

    public byte[] GetBytes(int column) => Vector(column).Bytes(_row);

    /// <summary>A list or array of numbers; null entries are NaN.</summary>
    public double[] GetDoubles(int column) => Vector(column).Doubles(_row);

    /// <summary>A list or array of texts.</summary>
    public string?[] GetStrings(int column) => [.. ((object?[])Vector(column).Value(_row)!).Select(text => (string?)text)];

    /// <summary>
    /// The value as bool, long, ulong, Int128, UInt128, float, double, decimal, string, Guid, byte[], DateTime, DateOnly, TimeOnly, DuckDbInterval,
    /// object?[] (list, array), a dictionary by field (struct), key-value pairs (map), or null.
    /// </summary>
    public object? GetValue(int column) => Vector(column).Value(_row);

    public void Dispose()
    {
        _interruption.Dispose();
        ReleaseChunk();
        if (_result.Data != 0)
        {
            fixed (DuckDbResult* result = &_result)
                DuckDbNative.DestroyResult(result);
            _result = default;
        }

        _ended = true;
        _rows = 0;
        _connection.Closed(this);
    }

    private DuckDbVector Vector(int column)
    {
        if ((uint)_row >= (uint)_rows)
            throw new InvalidOperationException("The reader stands on no row.");
        return _vectors[column];
    }

    private void NextChunk()
    {
        ReleaseChunk();
        _cancellationToken.ThrowIfCancellationRequested();
        _chunk = DuckDbNative.FetchChunk(_result);
        _row = -1;
        if (_chunk == 0)
        {
            _ended = true;
            fixed (DuckDbResult* result = &_result)
            {
                var error = DuckDbNative.ResultError(result);
                if (error is not null && *error != 0)
                    throw DuckDbConnection.Failure(DuckDbNative.Text(error), _cancellationToken);
                RowsChanged = (long)DuckDbNative.RowsChanged(result);
            }

            return;
        }

        _rows = (int)DuckDbNative.ChunkSize(_chunk);
        for (var i = 0; i < _vectors.Length; i++)
            _vectors[i] = new DuckDbVector(_types[i], DuckDbNative.ChunkVector(_chunk, (ulong)i));
    }

    private void ReleaseChunk()
    {
        _rows = 0;
        if (_chunk != 0)
            DuckDbNative.DestroyChunk(ref _chunk);
    }
}
