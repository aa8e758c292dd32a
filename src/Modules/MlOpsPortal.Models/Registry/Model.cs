using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Models.Registry;

/// <summary>A name in a project, its versions (oldest first) and the aliases that point at them.</summary>
public sealed record Model
{
    public required ModelId Id { get; init; }
    public required ProjectId Project { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required MlTask Task { get; init; }
    public required Person CreatedBy { get; init; }
    public ImmutableArray<ModelVersion> Versions { get; init; } = [];
    public ImmutableArray<Alias> Aliases { get; init; } = [];

    /// <summary>The latest moves of aliases, newest first; the audit holds all.</summary>
    public ImmutableArray<AliasMove> AliasHistory { get; init; } = [];
    public DateTimeOffset? ArchivedAt { get; init; }

    public ModelVersion? Find(ModelVersionId id) => Versions.FirstOrDefault(version => version.Id == id);

    public ModelVersion? AliasTarget(string alias) => Aliases.FirstOrDefault(known => known.Name == alias) is { } found ? Find(found.Version) : null;

    public Model With(ModelVersion changed) => this with { Versions = [.. Versions.Select(version => version.Id == changed.Id ? changed : version)] };
}

/// <summary>Who did something, as shown then.</summary>
public sealed record Person(UserId Id, string Name)
{
    public static Person Of(Caller caller) => new(caller.User, caller.Name);
}

/// <summary>A name that moves between versions.</summary>
public sealed record Alias(string Name, ModelVersionId Version, Person By, DateTimeOffset At);

/// <param name="From">Number of the version that had the alias; null when none did.</param>
/// <param name="To">Number of the version that has it now; null when it was taken away.</param>
public sealed record AliasMove(string Alias, int? From, int? To, Person By, DateTimeOffset At);
