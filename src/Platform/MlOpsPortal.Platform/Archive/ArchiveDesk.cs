using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Archive;

/// <summary>Puts things of any module away and brings them back.</summary>
public sealed class ArchiveDesk(IEnumerable<IArchiveSource> sources, IPermissions permissions, IScopeDirectory scopes)
{
    public const int MostOfOneSource = 50;
    private readonly ImmutableDictionary<string, IArchiveSource> sources = sources.ToImmutableDictionary(source => source.Kind, StringComparer.Ordinal);

    /// <summary>Latest first.</summary>
    public async Task<IReadOnlyList<ArchivedThing>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        var found = new List<ArchivedThing>();
        foreach (var source in sources.Values)
            found.AddRange((await source.ListAsync(caller, cancellationToken)).Where(thing => visible.Contains(thing.Project)).Take(MostOfOneSource));
        var names = await scopes.NamesAsync(caller.Tenant, [.. found.Select(thing => thing.Project).Distinct()], cancellationToken);
        return [.. found.Select(thing => thing with { ProjectName = names.GetValueOrDefault(thing.Project) }).OrderByDescending(thing => thing.ArchivedAt)];
    }

    public async Task<Result<Done>> ArchiveAsync(Caller caller, string kind, string id, string reason, CancellationToken cancellationToken) =>
        sources.TryGetValue(kind, out var source) ? await source.ArchiveAsync(caller, id, reason, cancellationToken) : new NotFound();

    public async Task<Result<Done>> RestoreAsync(Caller caller, string kind, string id, CancellationToken cancellationToken) =>
        sources.TryGetValue(kind, out var source) ? await source.RestoreAsync(caller, id, cancellationToken) : new NotFound();
}

/// <summary><c>/api/v1/archive</c>. Each module's own endpoints put away and bring back.</summary>
internal static class ArchiveEndpoints
{
    public static void MapArchive(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/archive", (Caller caller, ArchiveDesk desk, CancellationToken cancellationToken) => desk.ListAsync(caller, cancellationToken))
            .Produces<IReadOnlyList<ArchivedThing>>().WithTags("Archive").WithName("ListArchived").WithSummary("What was put away in your projects, latest first.");
}
