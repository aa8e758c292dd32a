using System.Reflection;

namespace MlOpsPortal.Silo;

/// <summary>
/// Runs around every call, inside its turn. Filters run in the order of their registration; a grain that implements this itself runs last.
/// </summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

public interface IGrainCallContext
{
    /// <summary>The arguments.</summary>
    IInvokable Request { get; }

    object Grain { get; }

    /// <summary>The calling grain, or null when the call came from outside.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    /// <summary>Full name of the interface the caller used.</summary>
    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    /// <summary>The result: set by <see cref="Invoke"/>, and a filter may replace it. Null for methods without one.</summary>
    object? Result { get; set; }

    /// <summary>Goes on to the next filter, and at last to the grain.</summary>
    Task Invoke();
}

public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }

    MethodInfo ImplementationMethod { get; }
}

/// <summary>The arguments of one call.</summary>
public interface IInvokable
{
    int GetArgumentCount();

    object? GetArgument(int index);
}
