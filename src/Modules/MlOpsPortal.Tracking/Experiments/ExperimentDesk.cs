using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Tracking.Data;

namespace MlOpsPortal.Tracking.Experiments;

/// <param name="ArtifactLocation">Another store's address; null for the portal's own.</param>
/// <param name="Tags">The tag <see cref="ExperimentDesk.ProjectTag"/> chooses the project.</param>
public sealed record CreateExperiment(string Name, string? ArtifactLocation, ImmutableArray<KeyValuePair<string, string>> Tags);

/// <summary>What a deletion put away.</summary>
/// <param name="Runs">Runs that were not deleted before.</param>
/// <param name="Until">Until then it can be restored.</param>
public sealed record DeletedExperiment(long Runs, DateTimeOffset Until);

/// <summary>Every use case of one experiment. Ids come as the caller wrote them: a refusal repeats them.</summary>
public sealed class ExperimentDesk
{
    /// <summary>Names the project of an experiment, by id or name; setting it later moves the experiment.</summary>
    public const string ProjectTag = "mlopsportal.project";

    private readonly ITenantDb<TrackingDbContext> databases;
    private readonly Places places;
    private readonly IPermissions permissions;
    private readonly ProjectPortfolio projects;
    private readonly DefaultProjectDesk defaults;
    private readonly TrackingOptions options;
    private readonly TimeProvider time;

    internal ExperimentDesk(
        ITenantDb<TrackingDbContext> databases, Places places, IPermissions permissions, ProjectPortfolio projects, DefaultProjectDesk defaults, IOptions<TrackingOptions> options, TimeProvider time) =>
        (this.databases, this.places, this.permissions, this.projects, this.defaults, this.options, this.time) = (databases, places, permissions, projects, defaults, options.Value, time);

    public async Task<Result<ExperimentId>> CreateAsync(Caller caller, CreateExperiment request, CancellationToken cancellationToken)
    {
        if (Check(request) is { } wrong)
            return wrong;
        var now = time.GetMicrosecondNow();
        var id = Id.New<ExperimentId>(now);
        var location = ArtifactLocation.Choose(id, request.ArtifactLocation);
        if (!location.IsOk)
            return location.Refusal;
        var project = await ChooseProjectAsync(caller, request.Tags, cancellationToken);
        if (!project.IsOk)
            return project.Refusal;
        var allowed = await permissions.DemandAsync(caller, project.Value.Scope, TrackingPermissions.Log, cancellationToken);
        if (!allowed.IsOk)
            return allowed.Refusal;
        await using var db = databases.Open(caller.Tenant);
        var row = new ExperimentRow { Id = id, ProjectId = project.Value, Name = request.Name, ArtifactLocation = location.Value, CreatedAt = now, UpdatedAt = now };
        db.Experiments.Add(row);
        foreach (var tag in request.Tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal))
            db.ExperimentTags.Add(new ExperimentTagRow { ExperimentId = id, Key = tag.Key, Value = tag.Value });
        db.Record(caller, new("experiment", id.ToString(), request.Name, project.Value.Scope), new ExperimentCreated(request.Name), now);
        return await db.CommitAsync(caller, id, now, cancellationToken, Taken(request.Name));
    }

    public async Task<Result<Experiment>> GetAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ExperimentAsync(connection, caller, id, TrackingPermissions.View, cancellationToken);
        return place.IsOk ? await ReadAsync(db, place.Value.Id, cancellationToken) : place.Refusal;
    }

    /// <summary>How many of its runs and logged models registered versions stand on. When it is deleted they are kept, and the experiment with them, until the versions are gone.</summary>
    public async Task<Result<int>> KeptAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ExperimentAsync(connection, caller, id, TrackingPermissions.View, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        await using var count = connection.Sql(
            """
            SELECT count(DISTINCT p.owner_id) FROM tracking.artifact_pins p
            WHERE EXISTS (SELECT 1 FROM tracking.runs r WHERE r.tenant_id = p.tenant_id AND r.id = p.owner_id AND r.experiment_no = $1)
               OR EXISTS (SELECT 1 FROM tracking.logged_models m WHERE m.tenant_id = p.tenant_id AND m.id = p.owner_id AND m.experiment_id = $2)
            """, place.Value.No, place.Value.Id.Value);
        return (int)(long)(await count.ExecuteScalarAsync(cancellationToken))!; // a count is never null
    }

    /// <summary>The active one of that name, or else the one that was deleted last.</summary>
    public async Task<Result<Experiment>> GetByNameAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        var visible = await permissions.VisibleScopesAsync(caller, cancellationToken);
        await using var db = databases.Open(caller.Tenant);
        var found = await db.Experiments.AsNoTracking().Where(row => row.Name == name).OrderByDescending(row => row.DeletedAt == null).ThenByDescending(row => row.DeletedAt)
            .Select(row => new { row.Id, row.ProjectId }).ToListAsync(cancellationToken);
        return found.FirstOrDefault(row => visible.Contains(row.ProjectId.Scope)) is { } first ? await ReadAsync(db, first.Id, cancellationToken) : TrackingErrors.NoExperimentNamed(name);
    }

    public async Task<Result<Done>> RenameAsync(Caller caller, string id, string name, CancellationToken cancellationToken)
    {
        if (CheckName(name) is { } wrong)
            return wrong;
        return await ChangeAsync(caller, id, TrackingPermissions.Log, (db, row, place, now) =>
        {
            if (place.RefuseDeleted() is { } deleted)
                return deleted;
            (var before, row.Name, row.UpdatedAt) = (row.Name, name, now);
            db.Record(caller, place.Subject with { Name = name }, new ExperimentRenamed(before, name), now);
            return Done.Instance;
        }, cancellationToken);
    }

    /// <summary>Puts an experiment away with its runs. Its name is free at once; until the window ends it can be restored.</summary>
    /// <returns>NotFound when it is deleted already.</returns>
    public async Task<Result<DeletedExperiment>> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var place = await places.ExperimentAsync(await db.ConnectAsync(cancellationToken), caller, id, TrackingPermissions.Delete, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.DeletedAt is not null)
            return TrackingErrors.NoExperiment(id);
        var runs = await db.Runs.LongCountAsync(run => run.ExperimentNo == place.Value.No && run.DeletedAt == null, cancellationToken);
        var now = time.GetMicrosecondNow();
        var row = await db.Experiments.SingleAsync(experiment => experiment.Id == place.Value.Id, cancellationToken);
        (row.DeletedAt, row.UpdatedAt) = (now, now);
        var answer = new DeletedExperiment(runs, now + options.RestoreWindow);
        db.Record(caller, place.Value.Subject, new Tracking.ExperimentDeleted(runs, answer.Until), now);
        return await db.CommitAsync(caller, answer, now, cancellationToken);
    }

    /// <summary>Brings a deleted experiment back with the runs that went with it, if its name is still free.</summary>
    public Task<Result<Done>> RestoreAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        ChangeAsync(caller, id, TrackingPermissions.Delete, (db, row, place, now) =>
        {
            if (row.DeletedAt is null)
                return TrackingErrors.NoExperiment(id);
            (row.DeletedAt, row.UpdatedAt) = (null, now);
            db.Record(caller, place.Subject, new ExperimentRestored(), now);
            return Done.Instance;
        }, cancellationToken);

    /// <summary>Into another project, with everything in it: who sees it changes at once.</summary>
    public async Task<Result<Done>> MoveAsync(Caller caller, string id, ProjectId to, CancellationToken cancellationToken)
    {
        var there = await permissions.DemandAsync(caller, to.Scope, TrackingPermissions.Move, cancellationToken);
        if (!there.IsOk)
            return there.Refusal is NotFound ? TrackingErrors.NoProject(to.ToString()) : there.Refusal;
        return await ChangeAsync(caller, id, TrackingPermissions.Move, (db, row, place, now) =>
        {
            if (row.ProjectId == to)
                return Done.Instance;
            (var from, row.ProjectId, row.UpdatedAt) = (row.ProjectId, to, now);
            if (db.ExperimentTags.Local.FirstOrDefault(tag => tag.Key == ProjectTag) is { } tag)
                tag.Value = to.ToString();
            db.Record(caller, place.Subject, new ExperimentMoved(from, to), now);
            db.Record(caller, place.Subject with { Scope = to.Scope }, new ExperimentMoved(from, to), now);
            return Done.Instance;
        }, cancellationToken);
    }

    public async Task<Result<Done>> SetTagAsync(Caller caller, string id, string key, string value, CancellationToken cancellationToken)
    {
        if (CheckTag(key, value) is { } wrong)
            return wrong;
        if (key == ProjectTag)
            return await projects.FindAsync(caller, value, cancellationToken) is { } project ? await MoveAsync(caller, id, project, cancellationToken) : TrackingErrors.NoProject(value);
        await using var db = databases.Open(caller.Tenant);
        var connection = await db.ConnectAsync(cancellationToken);
        var place = await places.ExperimentAsync(connection, caller, id, TrackingPermissions.Log, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.RefuseDeleted() is { } deleted)
            return deleted;
        await using var set = connection.Sql(
            """
            INSERT INTO tracking.experiment_tags (tenant_id, experiment_id, key, value) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant_id, experiment_id, key) DO UPDATE SET value = excluded.value
            """, caller.Tenant.Value, place.Value.Id.Value, key, value);
        await set.ExecuteNonQueryAsync(cancellationToken);
        return Done.Instance;
    }

    public async Task<Result<Done>> DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var place = await places.ExperimentAsync(await db.ConnectAsync(cancellationToken), caller, id, TrackingPermissions.Log, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        if (place.Value.RefuseDeleted() is { } deleted)
            return deleted;
        var gone = await db.ExperimentTags.Where(tag => tag.ExperimentId == place.Value.Id && tag.Key == key).ExecuteDeleteAsync(cancellationToken);
        return gone > 0 ? Done.Instance : TrackingErrors.NoTag(key, "experiment", id);
    }

    /// <summary>What <paramref name="change"/> does to the row, saved with what it records.</summary>
    private async Task<Result<Done>> ChangeAsync(
        Caller caller, string id, Permission permission, Func<TrackingDbContext, ExperimentRow, ExperimentPlace, DateTimeOffset, Result<Done>> change, CancellationToken cancellationToken)
    {
        await using var db = databases.Open(caller.Tenant);
        var place = await places.ExperimentAsync(await db.ConnectAsync(cancellationToken), caller, id, permission, cancellationToken);
        if (!place.IsOk)
            return place.Refusal;
        var row = await db.Experiments.SingleAsync(experiment => experiment.Id == place.Value.Id, cancellationToken);
        await db.ExperimentTags.Where(tag => tag.ExperimentId == row.Id && tag.Key == ProjectTag).LoadAsync(cancellationToken);
        var now = time.GetMicrosecondNow();
        var decided = change(db, row, place.Value, now);
        return decided.IsOk ? await db.CommitAsync(caller, Done.Instance, now, cancellationToken, Taken(row.Name)) : decided;
    }

    private async Task<Result<ProjectId>> ChooseProjectAsync(Caller caller, ImmutableArray<KeyValuePair<string, string>> tags, CancellationToken cancellationToken)
    {
        if (tags.FirstOrDefault(tag => tag.Key == ProjectTag) is not { Key: not null } wish)
        {
            var joined = await defaults.JoinAsync(caller, TrackingPermissions.Log, cancellationToken);
            // Without a role for it in the tenant she is told so, and it is noted.
            return joined is { IsOk: false, Refusal: NotFound } && await permissions.DemandAsync(caller, TrackingPermissions.Log, cancellationToken) is { IsOk: false } refused ? refused.Refusal : joined;
        }

        return await projects.FindAsync(caller, wish.Value, cancellationToken) is { } project ? project : TrackingErrors.NoProject(wish.Value);
    }

    private static async Task<Result<Experiment>> ReadAsync(TrackingDbContext db, ExperimentId id, CancellationToken cancellationToken)
    {
        var row = await db.Experiments.AsNoTracking().SingleAsync(experiment => experiment.Id == id, cancellationToken);
        var tags = await db.ExperimentTags.AsNoTracking().Where(tag => tag.ExperimentId == id).OrderBy(tag => tag.Key).Select(tag => KeyValuePair.Create(tag.Key, tag.Value)).ToListAsync(cancellationToken);
        return new Experiment(row.Id, row.ProjectId, row.Name, row.ArtifactLocation, row.CreatedAt, row.UpdatedAt, row.DeletedAt, [.. tags]);
    }

    private static Dictionary<string, Refusal> Taken(string name) => new(StringComparer.Ordinal) { [ExperimentTables.NameIndex] = TrackingErrors.ExperimentNameTaken(name) };

    private static Validation? Check(CreateExperiment request) => CheckName(request.Name) ?? request.Tags.Select(tag => CheckTag(tag.Key, tag.Value)).FirstOrDefault(wrong => wrong is not null);

    private static Validation? CheckName(string name) => TrackingText.CheckLength("name", name, TrackingText.MaxExperimentName);

    private static Validation? CheckTag(string key, string value) => TrackingText.CheckKey("key", key) ?? TrackingText.CheckLength("value", value, TrackingText.MaxExperimentTag);
}
