using System.Text.Json;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Audit.Trail;

/// <summary>Who did what to what.</summary>
/// <param name="ActorName">As it was then; <see cref="MlOpsPortal.Platform.Tenancy.Caller.PortalUser"/> for the portal itself.</param>
/// <param name="Kind">What it was done to: project, dataset, model, member…</param>
/// <param name="Name">Its name as it was then.</param>
/// <param name="Project">Null for what belongs to the tenant as a whole.</param>
/// <param name="Detail">The event as it was written.</param>
/// <param name="TraceId">The W3C trace id of the request, for the logs.</param>
public sealed record TrailEntry(
    Guid Id, DateTimeOffset At, UserId Actor, string ActorName, string Action, string Kind, string Object, string Name, ScopeId? Project, JsonElement Detail, string? TraceId)
{
    internal static TrailEntry Of(AuditRow row) => new(
        row.Id, row.At, row.ActorId, row.ActorName, row.Action, row.SubjectKind, row.SubjectId, row.SubjectName, row.Scope, JsonElement.Parse(row.Detail), row.TraceId);
}
