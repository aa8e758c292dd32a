namespace MlOpsPortal.Deployments.Serving.Scoring;

/// <summary>The rows of a request, row after row, in the contract's order: 64 bits per value. Real inputs hold the bits of a double (NaN for null),
/// whole inputs a long, Boolean ones 0 or 1, texts their position among <see cref="Texts"/>.</summary>
internal sealed class RowCells
{
    private long[] cells = new long[64];
    private int[] seen = new int[16];
    private int mark;

    public int Rows { get; private set; }

    public int Width { get; private set; }

    public List<string> Texts { get; } = [];

    public void Begin(int width)
    {
        (Width, Rows) = (width, 0);
        if (seen.Length < width)
            seen = new int[width];
    }

    /// <summary>Opens the next row.</summary>
    public void AddRow()
    {
        Resize(Rows + 1);
        mark++;
    }

    /// <summary>Makes room for so many rows at once, for requests that come by column.</summary>
    public void Resize(int rows)
    {
        var needed = checked(rows * Width);
        if (cells.Length < needed)
            Array.Resize(ref cells, Math.Max(needed, cells.Length * 2));
        Rows = rows;
    }

    /// <returns>False when the open row has the feature already.</returns>
    public bool See(int feature)
    {
        if (seen[feature] == mark)
            return false;
        seen[feature] = mark;
        return true;
    }

    public bool HasSeen(int feature) => seen[feature] == mark;

    /// <summary>For requests that come by column: features are seen once in all.</summary>
    public void BeginColumns() => mark++;

    public void Set(int row, int feature, double value) => cells[(row * Width) + feature] = BitConverter.DoubleToInt64Bits(value);

    public void Set(int row, int feature, long value) => cells[(row * Width) + feature] = value;

    public void Set(int row, int feature, string value)
    {
        cells[(row * Width) + feature] = Texts.Count;
        Texts.Add(value);
    }

    public double Real(int row, int feature) => BitConverter.Int64BitsToDouble(cells[(row * Width) + feature]);

    public long Whole(int row, int feature) => cells[(row * Width) + feature];

    public string Text(int row, int feature) => Texts[(int)cells[(row * Width) + feature]];

    /// <param name="kept">Bytes above which the buffer is given back.</param>
    public void Clear(int kept)
    {
        Rows = 0;
        Texts.Clear();
        if (cells.Length * sizeof(long) > kept)
            cells = new long[64];
    }
}
