using System.Collections.Immutable;
using MlOpsPortal.Datasets.Quality;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects;

namespace MlOpsPortal.Datasets;

/// <summary>A dataset: its name in a project, its versions from 1 up, its expectations.</summary>
public sealed record Dataset
{
    public const int MaxVersions = 1000;

    public required DatasetId Id { get; init; }
    public required ProjectId Project { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required UserId Owner { get; init; }
    public required string OwnerName { get; init; }
    public ImmutableArray<DatasetVersion> Versions { get; init; } = [];
    public ImmutableArray<Expectation> Expectations { get; init; } = [];
    public DateTimeOffset? ArchivedAt { get; init; }

    public DatasetVersion? Version(int number) => number >= 1 && number <= Versions.Length ? Versions[number - 1] : null;

    public DatasetVersion? LatestReady => Versions.LastOrDefault(version => version.State == VersionState.Ready);

    internal Dataset With(DatasetVersion version) => this with { Versions = Versions.SetItem(version.Number - 1, version) };
}
