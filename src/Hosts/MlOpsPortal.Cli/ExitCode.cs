namespace MlOpsPortal.Cli;

internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>One sentence on standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Usage = 2;

    /// <summary>Done, but the report lists things that were not copied.</summary>
    public const int DoneWithNotes = 3;

    /// <summary>Ctrl+C, or SIGTERM; the same command continues.</summary>
    public const int Interrupted = 130;
}
