namespace MlOpsPortal.LocalServices;

/// <summary>An expected failure to start or run something; the message is the sentence the person at the terminal reads.</summary>
public sealed class LaunchException(string sentence, Exception? cause = null) : Exception(sentence, cause);
