using MlOpsPortal.Platform.Aggregates;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects.Data;
using MlOpsPortal.Projects.Portfolio;

namespace MlOpsPortal.Projects;

/// <summary>The one writer of a project.</summary>
internal interface IProjectGrain : IGrainWithStringKey
{
    [ReadOnly]
    Task<Result<Versioned<Project>>> Read(CancellationToken cancellationToken);

    Task<Result<Versioned<Project>>> Apply(Caller caller, Command<Project> command, long? expectedVersion, CancellationToken cancellationToken);
}

internal sealed class ProjectGrain(Aggregate<ProjectsDbContext, ProjectRow, Project> project, IPermissions permissions) : Grain, IProjectGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) => project.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);

    public Task<Result<Versioned<Project>>> Read(CancellationToken cancellationToken) => project.ReadAsync(cancellationToken);

    public Task<Result<Versioned<Project>>> Apply(Caller caller, Command<Project> command, long? expectedVersion, CancellationToken cancellationToken) =>
        project.ApplyAsync(
            caller, command, expectedVersion, cancellationToken,
            command is CreateProject create ? (unit, now) => permissions.Join(unit, caller, create.Id.Scope, now) : null);
}
