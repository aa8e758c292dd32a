using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;

namespace MlOpsPortal.Platform.Work;

/// <summary>Everything that waits for a person, the most pressing first.</summary>
public sealed class WorkDesk(IEnumerable<IWorkSource> sources, IScopeDirectory scopes, IPermissions permissions)
{
    /// <summary>More of one kind does not help anybody to begin.</summary>
    public const int MostOfOneSource = 50;

    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        var found = new List<WorkItem>();
        foreach (var source in sources)
            found.AddRange((await source.WaitingAsync(caller, cancellationToken)).Take(MostOfOneSource));
        found.RemoveAll(item => item.Project is { } project && !visible.Contains(project));
        var names = await scopes.NamesAsync(caller.Tenant, [.. found.Select(item => item.Project).OfType<Ids.ScopeId>().Distinct()], cancellationToken);
        return
        [
            .. found.Select(item => item.Project is { } project ? item with { ProjectName = names.GetValueOrDefault(project) } : item)
                .OrderByDescending(item => item.Urgency).ThenBy(item => item.Due ?? DateTimeOffset.MaxValue).ThenByDescending(item => item.Since),
        ];
    }
}

/// <summary><c>/api/v1/work</c>.</summary>
internal static class WorkEndpoints
{
    public static void MapWork(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/v1/work", (Caller caller, WorkDesk desk, CancellationToken cancellationToken) => desk.WaitingAsync(caller, cancellationToken))
            .Produces<IReadOnlyList<WorkItem>>().WithTags("Work").WithName("ListWork").WithSummary("What waits for you in all your projects, the most pressing first.");
}
