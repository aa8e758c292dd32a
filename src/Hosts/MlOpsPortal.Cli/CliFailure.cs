namespace MlOpsPortal.Cli;

/// <summary>The end of a command: one sentence for the person at the terminal, with what to do about it.</summary>
internal sealed class CliFailure(string sentence, Exception? cause = null) : Exception(sentence, cause);
