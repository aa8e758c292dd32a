using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Projects.Everyone;

/// <summary>Stages that wait for the caller's signature, and those whose checklist she can complete.</summary>
internal sealed class ProjectWork(
    ITenantDb<ProjectsDbContext> databases, AggregateDefinition<ProjectRow, Project> definition, IEnumerable<IGateEvidence> evidence, IPermissions permissions) : IWorkSource
{
    /// <summary>Projects that are looked into, the latest changed first: each costs the queries of its stage's checklist.</summary>
    private const int MostProjects = 20;

    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Projects.AsNoTracking().Where(row => row.ArchivedAt == null && row.Id != DefaultProjectDesk.Id.Value); // that one is a place and no undertaking
        if (!visible.All)
            rows = rows.Where(row => visible.Scopes.Contains(row.Id));
        var found = await rows.OrderByDescending(row => row.UpdatedAt).Take(MostProjects).Select(row => new { row.Document, row.UpdatedAt }).ToListAsync(cancellationToken);
        var items = new List<WorkItem>();
        foreach (var row in found)
            if (await OfAsync(caller, definition.Read(row.Document), row.UpdatedAt, cancellationToken) is { } item)
                items.Add(item);
        return items;
    }

    private async Task<WorkItem?> OfAsync(Caller caller, Project project, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var roles = await permissions.RolesAsync(caller, project.Id.Scope, cancellationToken);
        var (signs, edits) = (ProjectsPermissions.SignOff.Roles.Any(roles.Contains), ProjectsPermissions.EditBusiness.Roles.Any(roles.Contains));
        var record = project.StageOf(project.CurrentStage);
        if (record.State != StageState.Open || !(signs || edits))
            return null;
        var (checks, authors) = (new List<GateCheck>(), record.Authors.ToHashSet());
        if (record.Stage == Stage.BusinessUnderstanding)
            checks.AddRange(BusinessGate.Check(project));
        foreach (var source in evidence.Where(source => source.Stage == record.Stage && record.Stage != Stage.BusinessUnderstanding))
        {
            checks.AddRange(await source.CheckAsync(caller, project.Id, cancellationToken));
            authors.UnionWith(await source.AuthorsAsync(caller, project.Id, cancellationToken));
        }

        return Item(project, record.Stage, checks, since, signs && !authors.Contains(caller.User), edits);
    }

    /// <summary>A complete checklist waits for a signature of somebody who did not write it; an incomplete one for whoever can go on.</summary>
    internal static WorkItem? Item(Project project, Stage stage, IReadOnlyList<GateCheck> checks, DateTimeOffset since, bool maySign, bool mayEdit)
    {
        var open = checks.Count(check => !check.Met);
        var href = stage == Stage.BusinessUnderstanding ? $"/projects/{project.Id}/business" : $"/projects/{project.Id}";
        if (checks.Count > 0 && open == 0)
            return maySign
                ? new WorkItem(WorkKind.SignOff, $"Sign off {StageWords.Of(stage)}", string.Create(CultureInfo.InvariantCulture, $"all {checks.Count} checks are met"), project.Id.Scope, href, since)
                : null;
        return mayEdit && checks.Count > 0
            ? new WorkItem(WorkKind.Task, $"Complete {StageWords.Of(stage)}", string.Create(CultureInfo.InvariantCulture, $"{open} of {checks.Count} checks are open"), project.Id.Scope, href, since) { Urgency = WorkUrgency.Low }
            : null;
    }
}

/// <summary>Stages in the middle of a sentence.</summary>
internal static class StageWords
{
    public static string Of(Stage stage) => stage switch
    {
        Stage.BusinessUnderstanding => "business understanding",
        Stage.DataAcquisition => "data acquisition",
        Stage.ModelDevelopment => "model development",
        Stage.ModelDeployment => "model deployment",
        Stage.ModelMonitoring => "model monitoring",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A stage without words."),
    };
}
