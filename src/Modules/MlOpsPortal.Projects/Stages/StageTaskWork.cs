using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Notifications;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Platform.Work;
using MlOpsPortal.Projects.Data;

namespace MlOpsPortal.Projects.Stages;

/// <summary>Open tasks in "My work": everybody's who works on the stage until somebody takes them, then hers alone.</summary>
internal sealed class StageTaskWork(ITenantDb<ProjectsDbContext> databases, AggregateDefinition<ProjectRow, Project> definition, IPermissions permissions) : IWorkSource
{
    public async Task<IReadOnlyList<WorkItem>> WaitingAsync(Caller caller, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var rows = db.Projects.AsNoTracking().Where(row => row.OpenTasks > 0 && row.ArchivedAt == null);
        if (!visible.All)
            rows = rows.Where(row => visible.Scopes.Contains(row.Id));
        var documents = await rows.OrderByDescending(row => row.UpdatedAt).Take(WorkDesk.MostOfOneSource).Select(row => row.Document).ToListAsync(cancellationToken);
        var items = new List<WorkItem>();
        foreach (var project in documents.Select(definition.Read))
        {
            var roles = await permissions.RolesAsync(caller, project.Id.Scope, cancellationToken);
            items.AddRange(project.Tasks.Where(task => WaitsFor(task, caller.User, roles)).Select(task => Item(project, task)));
        }

        return [.. items.OrderByDescending(item => item.Urgency).ThenBy(item => item.Since).Take(WorkDesk.MostOfOneSource)];
    }

    internal static bool WaitsFor(StageTask task, UserId user, IReadOnlySet<Role> roles) =>
        task.End is null && (task.Assignee is { } assignee ? assignee == user : ProjectsPermissions.WorkOn(task.To).Roles.Any(roles.Contains));

    private static WorkItem Item(Project project, StageTask task) => new(
        WorkKind.Task, task.Occasion is { } occasion ? occasion.Title : $"Stage {(int)task.From} asks stage {(int)task.To} for something", task.Request, project.Id.Scope, $"/projects/{project.Id}", task.At)
    {
        Urgency = task.Occasion is null ? WorkUrgency.Normal : WorkUrgency.High,
    };
}

/// <summary>Tells who works on a stage that something was sent back to it, and who asked that it is done.</summary>
internal sealed class StageTaskNotices(AggregateDefinition<ProjectRow, Project> definition, ITenantDb<ProjectsDbContext> databases) : INotificationRule
{
    public IReadOnlyCollection<string> EventTypes { get; } = ["project.sent_back", "project.task_finished"];

    public async Task<IReadOnlyList<Notice>> TellAsync(Happened happened, CancellationToken cancellationToken)
    {
        var page = $"/projects/{happened.SubjectId}";
        if (happened.Type == "project.sent_back")
        {
            var sent = happened.Read<StageSentBack>();
            return [new(Audience.Holding(ProjectsPermissions.WorkOn(sent.To)), "task", $"{happened.ActorName} sent work back to stage {(int)sent.To} of {happened.SubjectName}", sent.Request, page)];
        }

        var finished = happened.Read<StageTaskFinished>();
        if (await ReadAsync(happened, cancellationToken) is not { } project || project.Tasks.FirstOrDefault(task => task.Id == finished.Task) is not { } task)
            return [];
        return [new(Audience.Of(task.By), "task", $"{happened.ActorName} finished what you asked of stage {(int)task.To} of {happened.SubjectName}", finished.Note, page)];
    }

    private async Task<Project?> ReadAsync(Happened happened, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(happened.SubjectId, "n", out var id))
            return null;
        await using var db = databases.Open(happened.Tenant);
        var document = await db.Projects.AsNoTracking().Where(row => row.Id == id).Select(row => row.Document).SingleOrDefaultAsync(cancellationToken);
        return document is null ? null : definition.Read(document);
    }
}
