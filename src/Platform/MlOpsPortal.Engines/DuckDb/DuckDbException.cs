namespace MlOpsPortal.Engines.DuckDb;

/// <summary>DuckDB refused a statement or failed in it. The message is DuckDB's own; it may quote the statement and the data.</summary>
public sealed class DuckDbException : Exception
{
    public DuckDbException()
    {
    }

    public DuckDbException(string message)
        : base(message)
    {
    }

    public DuckDbException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The class DuckDB puts before its message: "Parser", "Binder", "Conversion", "Permission", "Out of Memory", "INTERRUPT" ...; empty where it gave none.</summary>
    public string Kind => Message.IndexOf(" Error: ", StringComparison.Ordinal) is > 0 and < 40 and var end ? Message[..end] : "";
}
