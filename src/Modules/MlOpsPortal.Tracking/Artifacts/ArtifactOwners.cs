using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Outbox;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Tracking.Data;
using MlOpsPortal.Tracking.LoggedModels;

namespace MlOpsPortal.Tracking.Artifacts;

/// <summary>Whose artifacts somebody asked for, once she may.</summary>
/// <param name="Name">Of the run or the model, as people see it.</param>
/// <param name="RootUri">Where its artifacts begin, as clients are told.</param>
internal sealed record ArtifactOwnerFacts(ExperimentId Experiment, ProjectId Project, string Name, string RootUri)
{
    /// <summary>The whole path, as a client of the proxy writes it.</summary>
    public string Key(ArtifactAddress address) => $"{RootUri[(RootUri.IndexOf('/', StringComparison.Ordinal) + 1)..]}/{address.Path.Text}";
}

/// <summary>The question before anything is read: is there such a run or model, and may the caller? What she may not know of is not found.</summary>
internal sealed class ArtifactOwners(Places places, IPermissions permissions)
{
    /// <param name="toWrite">Only what is not deleted can be written to.</param>
    public async Task<Result<ArtifactOwnerFacts>> DemandAsync(
        TrackingDbContext db, Caller caller, ArtifactAddress address, Permission permission, bool toWrite, CancellationToken cancellationToken)
    {
        var found = await (address.Owner.IsModel ? ModelAsync(db, caller, address.Owner, permission, cancellationToken) : RunAsync(db, caller, address.Owner, permission, cancellationToken));
        if (!found.IsOk)
            return found.Refusal;
        if (address.Location is not null && !IsAt(found.Value.Experiment.ArtifactLocation, address.Location))
            return Missing(address.Owner);
        if (toWrite && found.Value.Deleted is { } deleted)
            return deleted;
        var experiment = found.Value.Experiment;
        return new ArtifactOwnerFacts(experiment.Id, experiment.Project, found.Value.Name, ArtifactAddress.RootUri(experiment.ArtifactLocation, address.Owner));
    }

    public static Subject Subject(ArtifactAddress address, ArtifactOwnerFacts owner) => new(address.Owner.IsModel ? "loggedModel" : "run", address.Owner.ToString(), owner.Name, owner.Project.Scope);

    private static NotFound Missing(ArtifactOwner owner) => owner.IsModel ? LoggedModelErrors.NotThere(owner.ToString()) : TrackingErrors.NoRun(owner.ToString());

    /// <param name="location">Of the experiment, as a URI.</param>
    /// <param name="named">As the address named it, a path.</param>
    private static bool IsAt(string location, string named) => location.TrimEnd('/') == $"{ArtifactAddress.Scheme}:/{named}".TrimEnd('/');

    private async Task<Result<Found>> RunAsync(TrackingDbContext db, Caller caller, ArtifactOwner owner, Permission permission, CancellationToken cancellationToken)
    {
        var run = await places.RunAsync(await db.ConnectAsync(cancellationToken), caller, owner.ToString(), permission, cancellationToken);
        return run.Map(place => new Found(place.Experiment, place.Name, place.RefuseDeleted()));
    }

    private async Task<Result<Found>> ModelAsync(TrackingDbContext db, Caller caller, ArtifactOwner owner, Permission permission, CancellationToken cancellationToken)
    {
        await using var find = (await db.ConnectAsync(cancellationToken)).Sql(
            """
            SELECT model.name, model.deleted_at, e.id, e.no, e.project_id, e.name, e.artifact_location, e.deleted_at
            FROM tracking.logged_models model JOIN tracking.experiments e ON e.tenant_id = model.tenant_id AND e.id = model.experiment_id
            WHERE model.tenant_id = $1 AND model.id = $2
            """, db.Tenant.Value, owner.Id);
        ExperimentPlace? experiment = null;
        var (name, deleted) = ("", false);
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                (name, deleted) = (reader.GetString(0), !reader.IsDBNull(1));
                experiment = new(new(reader.GetGuid(2)), reader.GetInt32(3), new(reader.GetGuid(4)), reader.GetString(5), reader.GetString(6), reader.TimeOrNull(7));
            }
        }

        if (experiment is null)
            return Missing(owner);
        var allowed = await permissions.DemandAsync(caller, experiment.Project.Scope, permission, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal is NotFound ? Missing(owner) : allowed.Refusal;
        return new Found(experiment, name, deleted ? LoggedModelErrors.NotThere(owner.ToString()) : experiment.RefuseDeleted());
    }

    /// <param name="Deleted">Why nothing is written to it any more; null when it is not deleted.</param>
    private sealed record Found(ExperimentPlace Experiment, string Name, Refusal? Deleted);
}
