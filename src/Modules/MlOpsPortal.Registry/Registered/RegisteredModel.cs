using System.Collections.Immutable;
using MlOpsPortal.Models;
using MlOpsPortal.Projects;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Registered;

/// <summary>A name that versions are registered under; unique in the tenant, upper and lower case differ.</summary>
/// <param name="Latest">The newest version of each stage that has one.</param>
public sealed record RegisteredModel(
    RegisteredModelId Id, ProjectId Project, string Name, string? Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy,
    ImmutableArray<KeyValuePair<string, string>> Tags, ImmutableArray<ModelAlias> Aliases, ImmutableArray<RegisteredVersion> Latest)
{
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>A name that leads to a version.</summary>
public sealed record ModelAlias(string Alias, int Number);

/// <summary>A version: where its files are, and where it comes from.</summary>
/// <param name="Storage">What a client downloads from.</param>
/// <param name="Sha256">Of the files as they were registered; null when there were none.</param>
public sealed record RegisteredVersion(
    RegisteredModelId Model, ProjectId Project, string Name, int Number, string? Description, ModelStage Stage, string Source, string Storage, string? Files,
    string? RunId, string? LoggedModel, string? RunLink, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy,
    ImmutableArray<KeyValuePair<string, string>> Tags, ImmutableArray<string> Aliases, string? Sha256, int FileCount, long Bytes, ImmutableArray<string> Flavors, PortalVersionLink? Portal)
{
    /// <summary>Why it has not become a portal model version, as a refusal's code.</summary>
    public string? PortalRefusal { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>The portal model version that a registered version has become.</summary>
public sealed record PortalVersionLink(ModelId Model, ModelVersionId Version, int Number);
