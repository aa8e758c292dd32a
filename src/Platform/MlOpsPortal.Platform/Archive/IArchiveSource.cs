using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Archive;

/// <summary>A module's things that can be put away and brought back. Registered as a singleton.</summary>
public interface IArchiveSource
{
    /// <summary>As in <see cref="Outbox.Subject"/>: project, dataset, model, deployment.</summary>
    string Kind { get; }

    /// <summary>What was put away where the caller may see it, latest first; at most <see cref="ArchiveDesk.MostOfOneSource"/>.</summary>
    Task<IReadOnlyList<ArchivedThing>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>Puts a thing away, with a reason; it stays readable and its name is free again.</summary>
    Task<Result<Done>> ArchiveAsync(Caller caller, string id, string reason, CancellationToken cancellationToken);

    /// <returns>Conflict when it is not archived, or its name has been taken meanwhile.</returns>
    Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken);
}

/// <summary>Something put away.</summary>
public sealed record ArchivedThing(string Kind, string Id, string Name, ScopeId Project, DateTimeOffset ArchivedAt)
{
    /// <summary>Filled in by <see cref="ArchiveDesk"/>.</summary>
    public string? ProjectName { get; init; }
}
