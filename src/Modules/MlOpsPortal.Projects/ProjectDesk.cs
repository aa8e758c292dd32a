using System.Collections.Immutable;
using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Projects.Stages;
using MlOpsPortal.Projects.Templates;

namespace MlOpsPortal.Projects;

/// <summary>Every use case of a single project: asks the permission, then the project's grain.</summary>
public sealed class ProjectDesk(IGrainFactory grains, IPermissions permissions, IEnumerable<IGateEvidence> evidence, ProjectLimit limit, TimeProvider time)
{
    public Task<Result<Versioned<Project>>> CreateAsync(Caller caller, string name, string summary, CancellationToken cancellationToken) =>
        CreateAsync(caller, name, summary, ProjectTemplate.Blank, cancellationToken);

    public async Task<Result<Versioned<Project>>> CreateAsync(Caller caller, string name, string summary, ProjectTemplate template, CancellationToken cancellationToken)
    {
        var command = new CreateProject(Id.New<ProjectId>(time.GetUtcNow()), name, summary, template);
        var allowed = await permissions.DemandAsync(caller, command.Permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        if (await limit.FindAsync(caller.Tenant, cancellationToken) is { } full)
            return full;
        return await Grain(caller, command.Id).Apply(caller, command, expectedVersion: null, cancellationToken);
    }

    public async Task<Result<Versioned<Project>>> GetAsync(Caller caller, ProjectId id, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, id.Scope, ProjectsPermissions.View, cancellationToken);
        return allowed.IsOk ? await Grain(caller, id).Read(cancellationToken) : allowed.Refusal;
    }

    /// <summary>The project, for who may record values and check-ins in it. They are no part of stage 1's content: a signed project takes them too.</summary>
    internal async Task<Result<Project>> ForRecordingAsync(Caller caller, ProjectId id, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, id.Scope, ProjectsPermissions.RecordValues, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var found = await Grain(caller, id).Read(cancellationToken);
        return found.Then<Project>(project => project.State.ArchivedAt is null ? project.State : ProjectsErrors.Archived());
    }

    /// <summary>Carries out a command on an existing project.</summary>
    public async Task<Result<Versioned<Project>>> ApplyAsync(Caller caller, ProjectId id, Command<Project> command, long? expectedVersion, CancellationToken cancellationToken)
    {
        var allowed = await permissions.DemandAsync(caller, id.Scope, command.Permission, cancellationToken);
        return allowed.IsOk ? await Grain(caller, id).Apply(caller, command, expectedVersion, cancellationToken) : allowed.Refusal;
    }

    /// <summary>Gathers what the stage's module can show, then signs.</summary>
    public async Task<Result<Versioned<Project>>> SignOffAsync(Caller caller, ProjectId id, Stage stage, string comment, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(stage))
            return new NotFound();
        var allowed = await permissions.DemandAsync(caller, id.Scope, ProjectsPermissions.SignOff, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        var checks = ImmutableArray.CreateBuilder<GateCheck>();
        var authors = ImmutableArray.CreateBuilder<UserId>();
        foreach (var source in evidence.Where(source => source.Stage == stage))
        {
            checks.AddRange(await source.CheckAsync(caller, id, cancellationToken));
            authors.AddRange(await source.AuthorsAsync(caller, id, cancellationToken));
        }

        return await Grain(caller, id).Apply(caller, new SignOffStage(stage, comment, checks.ToImmutable(), authors.ToImmutable()), expectedVersion, cancellationToken);
    }

    /// <summary>A stage's checklist as it stands now; empty when no module can say anything about the stage yet.</summary>
    public async Task<Result<ImmutableArray<GateCheck>>> ChecklistAsync(Caller caller, ProjectId id, Stage stage, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(stage))
            return new NotFound();
        var project = await GetAsync(caller, id, cancellationToken);
        if (!project.IsOk)
            return project.Refusal;
        if (stage == Stage.BusinessUnderstanding)
            return BusinessGate.Check(project.Value.State);
        var checks = ImmutableArray.CreateBuilder<GateCheck>();
        foreach (var source in evidence.Where(source => source.Stage == stage))
            checks.AddRange(await source.CheckAsync(caller, id, cancellationToken));
        return checks.ToImmutable();
    }

    private IProjectGrain Grain(Caller caller, ProjectId id) => grains.GetGrain<IProjectGrain>(caller, id.Value);
}
