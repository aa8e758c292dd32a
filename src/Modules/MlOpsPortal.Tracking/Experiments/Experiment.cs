using System.Collections.Immutable;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Tracking.Experiments;

/// <summary>A named place for runs.</summary>
/// <param name="ArtifactLocation">Where the artifacts of its runs are, as a client sees it.</param>
public sealed record Experiment(
    ExperimentId Id, ProjectId Project, string Name, string ArtifactLocation, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DeletedAt,
    ImmutableArray<KeyValuePair<string, string>> Tags)
{
    public bool IsDeleted => DeletedAt is not null;
}

/// <summary>Which of what may be deleted is asked for, by MLflow's numbers.</summary>
public enum ViewType
{
    ActiveOnly = 1,
    DeletedOnly = 2,
    All = 3,
}
