using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Work;

/// <summary>What of a module waits for somebody. Registered as a singleton; every implementation is asked each time "My work" is looked at,
/// so it is one indexed query, or two.</summary>
public interface IWorkSource
{
    /// <summary>What waits for the caller, by what she may do and see now; at most <see cref="WorkDesk.MostOfOneSource"/>, the most pressing.</summary>
    Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken);
}
