using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Paging;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Problem;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Suitability;
using MlOpsPortal.Projects.Templates;

namespace MlOpsPortal.Projects;

/// <summary>A project as the API shows it.</summary>
public sealed record ProjectView(long Version, Project Project);

/// <summary><c>/api/v1/projects</c>.</summary>
internal static class ProjectEndpoints
{
    private const string Route = "/api/v1/projects";

    /// <param name="Template">retail, churn or demand fill stage 1 with an example to edit; blank when left out.</param>
    public sealed record NewProject(string Name, string Summary, ProjectTemplate Template = ProjectTemplate.Blank);

    public sealed record SignOff(string Comment);

    public sealed record Reason(string Text);

    /// <param name="To">An earlier stage.</param>
    public sealed record WayBack(Stage To, string Reason);

    public sealed record TaskNote(string Note);

    public sealed record StageView(StageRecord Record, ImmutableArray<GateCheck> Checklist);

    public static void MapProjects(this IEndpointRouteBuilder endpoints)
    {
        var projects = endpoints.MapGroup(Route).WithTags("Projects");
        projects.MapGet("", (Caller caller, ProjectPortfolio portfolio, CancellationToken cancellationToken, int? limit = null, string? cursor = null, bool archived = false) =>
            portfolio.ListAsync(caller, PageRequest.Of(limit, cursor), archived, cancellationToken))
            .WithName("ListProjects").WithSummary("The projects you are a member of, by name.");
        projects.MapPost("", async (Caller caller, NewProject request, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.CreateAsync(caller, request.Name, request.Summary, request.Template, cancellationToken)).ToCreated(View, project => $"{Route}/{project.Id}"))
            .Produces<ProjectView>(StatusCodes.Status201Created).WithName("CreateProject").WithSummary("Starts a project; you become its first member.");
        projects.MapGet("{id}", async (Caller caller, ProjectId id, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.GetAsync(caller, id, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("GetProject").WithSummary("A project with everything stage 1 says about it.");

        Command<DescribeProject>(projects.MapPut, "{id}", "DescribeProject", "Changes name and summary.");
        Command<ArchiveProject>(projects.MapPost, "{id}/archive", "ArchiveProject", "Puts a project away; it stays readable.");
        projects.MapPost("{id}/restore", async (Caller caller, ProjectId id, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RestoreProject(), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("RestoreProject").WithSummary("Brings an archived project back, if its name is still free.");
        Command<StateProblem>(projects.MapPut, "{id}/problem", "StateProblem", "What hurts whom, and what solving it is worth.");
        Command<FrameMlProblem>(projects.MapPut, "{id}/ml-problem", "FrameMlProblem", "Task, target, unit of prediction, horizon, decision.");
        Command<ReviewSuitability>(projects.MapPut, "{id}/suitability", "ReviewSuitability", "The checklist, the heuristic to beat, the cost of each error, the decision.");
        Command<SetObjective>(projects.MapPost, "{id}/objectives", "SetObjective", "Adds an objective with key results, or changes the one whose id is given.");
        Command<DefineKpi>(projects.MapPost, "{id}/kpis", "DefineKpi", "Defines a KPI, or redefines the one whose id is given; another formula is a new version.");
        projects.MapDelete("{id}/objectives/{objective}", async (Caller caller, ProjectId id, ObjectiveId objective, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RemoveObjective(objective), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("RemoveObjective").WithSummary("Takes an objective away that no KPI serves.");
        projects.MapDelete("{id}/kpis/{kpi}", async (Caller caller, ProjectId id, KpiId kpi, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new RemoveKpi(kpi), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("RemoveKpi").WithSummary("Takes a KPI away.");
        MapStages(projects);
        MapTasks(projects);
    }

    private static void MapStages(RouteGroupBuilder projects)
    {
        projects.MapGet("{id}/stages/{stage}", async (Caller caller, ProjectId id, Stage stage, ProjectDesk desk, CancellationToken cancellationToken) =>
        {
            var project = await desk.GetAsync(caller, id, cancellationToken);
            var checklist = await desk.ChecklistAsync(caller, id, stage, cancellationToken);
            return checklist.Then(checks => project.Map(found => new StageView(found.State.StageOf(stage), checks))).ToHttp();
        }).Produces<StageView>().WithName("GetStage").WithSummary("Where a stage stands: its history and its checklist now.");
        projects.MapPost("{id}/stages/{stage}/sign-off", async (Caller caller, ProjectId id, Stage stage, SignOff request, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.SignOffAsync(caller, id, stage, request.Comment, match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("SignOffStage").WithSummary("Signs a stage off with a comment; not by its authors, not with open checks.");
        projects.MapPost("{id}/stages/{stage}/reopen", async (Caller caller, ProjectId id, Stage stage, Reason request, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new ReopenStage(stage, request.Text), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("ReopenStage").WithSummary("Takes a sign-off back, with the reason.");
    }

    private static void MapTasks(RouteGroupBuilder projects)
    {
        projects.MapPost("{id}/stages/{stage}/send-back", async (Caller caller, ProjectId id, Stage stage, WayBack request, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new SendBack(stage, request.To, request.Reason, null), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("SendBack").WithSummary("Sends the work back to an earlier stage: development asks for more data, validation has the pipeline mended. Reopens the stage and leaves a task.");
        projects.MapPost("{id}/tasks/{task}/take", async (Caller caller, ProjectId id, StageTaskId task, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new TakeStageTask(task), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("TakeStageTask").WithSummary("Takes on what was sent back to a stage.");
        projects.MapPost("{id}/tasks/{task}/finish", async (Caller caller, ProjectId id, StageTaskId task, TaskNote request, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, new FinishStageTask(task, request.Note), match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName("FinishStageTask").WithSummary("Says that what was sent back is done, and how.");
    }

    private static void Command<TCommand>(Func<string, Delegate, RouteHandlerBuilder> map, string route, string name, string summary)
        where TCommand : Command<Project> =>
        map(route, async (Caller caller, ProjectId id, TCommand command, IfMatch match, ProjectDesk desk, CancellationToken cancellationToken) =>
            (await desk.ApplyAsync(caller, id, command, match.Version, cancellationToken)).ToHttp(View))
            .Produces<ProjectView>().WithName(name).WithSummary(summary);

    private static ProjectView View(Versioned<Project> project) => new(project.Version, project.State);
}
