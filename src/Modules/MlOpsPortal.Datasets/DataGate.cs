using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Platform.Tenancy;
using MlOpsPortal.Projects;
using MlOpsPortal.Projects.Stages;

namespace MlOpsPortal.Datasets;

/// <summary>What stage 2 is judged by: data with declared roles, looked at, good enough, and nothing of the test in the training.</summary>
internal sealed class DataGate(DatasetCatalog catalog) : IGateEvidence
{
    public Stage Stage => Stage.DataAcquisition;

    public async Task<ImmutableArray<GateCheck>> CheckAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        Check(await catalog.AllAsync(caller.Tenant, project, cancellationToken), $"projects/{project}/datasets");

    public async Task<ImmutableArray<UserId>> AuthorsAsync(Caller caller, ProjectId project, CancellationToken cancellationToken) =>
        [.. (await catalog.AllAsync(caller.Tenant, project, cancellationToken)).SelectMany(dataset => dataset.Versions.Select(version => version.CreatedBy)).Distinct()];

    /// <summary>What counts is each dataset's newest ready version of each role.</summary>
    internal static ImmutableArray<GateCheck> Check(ImmutableArray<Dataset> datasets, string link)
    {
        var ready = datasets.SelectMany(dataset => dataset.Versions.Where(version => version.State == VersionState.Ready).Select(version => (Dataset: dataset, Version: version))).ToList();
        var counted = ready.GroupBy(found => (found.Dataset.Id, found.Version.Role)).Select(group => group.MaxBy(found => found.Version.Number)).Where(found => found.Version.Role != DatasetRole.None).ToList();
        var training = counted.Count(found => found.Version.Role == DatasetRole.Training);
        var tests = counted.Where(found => found.Version.Role == DatasetRole.Test).ToList();
        var rules = datasets.Sum(dataset => dataset.Expectations.Length);
        var unmet = counted.Count(found => found.Version.Quality is not { Ok: true });
        var leaked = tests.Sum(found => found.Version.Leak?.Leaked ?? 0);
        return
        [
            new("datasets.gate_data", ready.Count > 0, ready.Count > 0 ? Text($"{ready.Count} versions in {datasets.Length} datasets") : null, link),
            new("datasets.gate_roles", training > 0 && tests.Count > 0, counted.Count > 0 ? string.Join(", ", counted.Select(found => Text($"{found.Dataset.Name} v{found.Version.Number}: {found.Version.Role}"))) : null, link),
            new("datasets.gate_profile", counted.Count > 0, counted.Count > 0 ? Text($"{counted.Sum(found => found.Version.Rows):N0} rows") : null, link),
            new("datasets.gate_quality", rules > 0 && counted.Count > 0 && unmet == 0, rules > 0 ? Text($"{rules} expectations, {unmet} versions that miss some") : null, link),
            new("datasets.gate_leak", tests.Count > 0 && tests.TrueForAll(found => found.Version.Leak is { Leaked: 0 }), tests.Exists(found => found.Version.Leak is not null) ? Text($"{leaked} rows of test data stand in training data") : null, link),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
