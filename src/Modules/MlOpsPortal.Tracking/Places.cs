using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Portfolio;
using MlOpsPortal.Tracking.Data;
using Npgsql;

namespace MlOpsPortal.Tracking;

/// <summary>An experiment that a caller may do something with.</summary>
internal sealed record ExperimentPlace(ExperimentId Id, int No, ProjectId Project, string Name, string ArtifactLocation, DateTimeOffset? DeletedAt)
{
    public Platform.Outbox.Subject Subject => new("experiment", Id.ToString(), Name, Project.Scope);

    /// <returns>Null when it may be written to.</returns>
    public Validation? RefuseDeleted() => DeletedAt is null ? null : TrackingErrors.ExperimentDeleted(Id);
}

/// <summary>A run that a caller may do something with.</summary>
internal sealed record RunPlace(RunId Id, long No, string Name, long StartTime, DateTimeOffset? DeletedAt, ExperimentPlace Experiment)
{
    public bool IsDeleted => DeletedAt is not null || Experiment.DeletedAt is not null;

    public Platform.Outbox.Subject Subject => new("run", Id.ToString(), Name, Experiment.Project.Scope);

    public string ArtifactUri => $"{Experiment.ArtifactLocation}/{Id}/artifacts";

    /// <returns>Null when it may be written to.</returns>
    public Validation? RefuseDeleted() => IsDeleted ? TrackingErrors.RunDeleted(Id) : null;
}

/// <summary>Finds what an id stands for, for who may: the project of the experiment decides, before anything else is read.</summary>
internal sealed class Places(IPermissions permissions, DefaultProjectDesk defaults, TimeProvider time)
{
    private const string Columns = "e.id, e.no, e.project_id, e.name, e.artifact_location, e.deleted_at";

    /// <param name="id">As the caller wrote it.</param>
    public async Task<Result<ExperimentPlace>> ExperimentAsync(NpgsqlConnection connection, Caller caller, string id, Permission permission, CancellationToken cancellationToken)
    {
        if (TrackingErrors.NoExperimentId(id) is { } malformed)
            return malformed;
        var key = ExperimentId.Parse(id);
        var found = await FindAsync(connection, key, cancellationToken);
        if (key == ExperimentId.Default && (found is null || found.Project == DefaultProjectDesk.Id))
        {
            // Everybody who may log is at home there, from her first use on.
            if ((await defaults.JoinAsync(caller, TrackingPermissions.Log, cancellationToken)).IsOk && found is null)
                found = await MakeDefaultAsync(connection, caller, cancellationToken);
        }

        if (found is null)
            return TrackingErrors.NoExperiment(id);
        var allowed = await permissions.DemandAsync(caller, found.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? found : allowed.Refusal is NotFound ? TrackingErrors.NoExperiment(id) : allowed.Refusal;
    }

    /// <param name="id">As the caller wrote it.</param>
    public async Task<Result<RunPlace>> RunAsync(NpgsqlConnection connection, Caller caller, string id, Permission permission, CancellationToken cancellationToken)
    {
        var found = await FindRunAsync(connection, RunId.Parse(id), cancellationToken);
        if (found is null)
            return TrackingErrors.NoRun(id);
        var allowed = await permissions.DemandAsync(caller, found.Experiment.Project.Scope, permission, cancellationToken);
        return allowed.IsOk ? found : allowed.Refusal is NotFound ? TrackingErrors.NoRun(id) : allowed.Refusal;
    }

    /// <summary>A run for writing: not a deleted one.</summary>
    public async Task<Result<RunPlace>> ActiveRunAsync(NpgsqlConnection connection, Caller caller, string id, CancellationToken cancellationToken) =>
        (await RunAsync(connection, caller, id, TrackingPermissions.Log, cancellationToken)).Then<RunPlace>(run => run.RefuseDeleted() is { } deleted ? deleted : run);

    /// <summary>Makes the default experiment where the tenant has none yet, for who may log.</summary>
    public async Task EnsureDefaultAsync(NpgsqlConnection connection, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(connection, ExperimentId.Default, cancellationToken) is null && (await defaults.JoinAsync(caller, TrackingPermissions.Log, cancellationToken)).IsOk)
            await MakeDefaultAsync(connection, caller, cancellationToken);
    }

    private async Task<ExperimentPlace?> MakeDefaultAsync(NpgsqlConnection connection, Caller caller, CancellationToken cancellationToken)
    {
        await using var insert = connection.Sql(
            """
            INSERT INTO tracking.experiments (tenant_id, id, project_id, name, artifact_location, created_at, updated_at)
            SELECT $1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM tracking.experiments WHERE tenant_id = $1 AND name = 'Default' AND deleted_at IS NULL) THEN 'Default (0)' ELSE 'Default' END, $4, $5, $5
            ON CONFLICT DO NOTHING
            """, caller.Tenant.Value, ExperimentId.Default.Value, DefaultProjectDesk.Id.Value, Experiments.ArtifactLocation.Of(ExperimentId.Default), time.GetMicrosecondNow());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(connection, ExperimentId.Default, cancellationToken);
    }

    private static async Task<ExperimentPlace?> FindAsync(NpgsqlConnection connection, ExperimentId id, CancellationToken cancellationToken)
    {
        await using var find = connection.Sql($"SELECT {Columns} FROM tracking.experiments e WHERE e.id = $1", id.Value);
        await find.PrepareAsync(cancellationToken);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Experiment(reader, 0) : null;
    }

    private static async Task<RunPlace?> FindRunAsync(NpgsqlConnection connection, RunId id, CancellationToken cancellationToken)
    {
        await using var find = connection.Sql(
            $"""
            SELECT r.id, r.no, r.name, r.start_time, r.deleted_at, {Columns}
            FROM tracking.runs r JOIN tracking.experiments e ON e.no = r.experiment_no
            WHERE r.id = $1
            """, id.Value);
        await find.PrepareAsync(cancellationToken);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new RunPlace(new(reader.GetGuid(0)), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.TimeOrNull(4), Experiment(reader, 5))
            : null;
    }

    private static ExperimentPlace Experiment(NpgsqlDataReader reader, int at) =>
        new(new(reader.GetGuid(at)), reader.GetInt32(at + 1), new(reader.GetGuid(at + 2)), reader.GetString(at + 3), reader.GetString(at + 4), reader.TimeOrNull(at + 5));
}
