namespace MlOpsPortal.Silo;

/// <summary>The grain's mailbox is full. The call has not run; the caller may try again later.</summary>
public sealed class LimitExceededException(string message) : Exception(message);

/// <summary>The silo is shutting down. The call has not run.</summary>
public sealed class SiloUnavailableException(string message) : Exception(message);

/// <summary>A grain would wait for itself: the call goes to a grain that is busy with the very call it comes from. A bug of the calling code.</summary>
public sealed class GrainCallCycleException(string message) : InvalidOperationException(message);
