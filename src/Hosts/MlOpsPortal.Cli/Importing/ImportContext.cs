using MlOpsPortal.Cli.Mlflow;
using MlOpsPortal.Cli.Portal;
using MlOpsPortal.Cli.Reports;

namespace MlOpsPortal.Cli.Importing;

/// <summary>What becomes of a thing whose name is taken by something that this import did not make.</summary>
internal enum NameConflict
{
    Skip,
    Rename,
}

/// <param name="Recheck">Compare everything again, also what is marked as complete.</param>
/// <param name="MoveAliases">Aliases and stages that stand elsewhere in the portal follow the source.</param>
/// <param name="Parallel">Runs under way at once.</param>
internal sealed record ImportOptions(NameConflict OnConflict, bool Recheck, bool MoveAliases, int Parallel);

/// <summary>What all steps of an import share.</summary>
/// <param name="ProjectId">The portal's project; null where the target is a plain MLflow server.</param>
internal sealed record ImportContext(MlflowServer Source, MlflowServer Target, string? ProjectId, ImportOptions Options, Report Report, Creation Creation)
{
    private const int MostRenames = 100;

    public References References { get; } = new();

    /// <summary>Null where the target is a plain MLflow server.</summary>
    public MoveRequests? Requests { get; init; }

    public ParallelOptions Parallel(CancellationToken stop) => new() { MaxDegreeOfParallelism = Options.Parallel, CancellationToken = stop };

    /// <summary>The tags that are set when a thing is created.</summary>
    public IReadOnlyList<KeyValue> Marks(string id) => [new(Origin.Id, id), new(Origin.From, Source.Address.Text)];

    /// <summary>The names to try: the own one, and others where renaming was asked for.</summary>
    public IEnumerable<string> Names(string name)
    {
        yield return name;
        if (Options.OnConflict != NameConflict.Rename) yield break;
        yield return $"{name} (imported)";
        for (var number = 2; number < MostRenames; number++) yield return $"{name} (imported {number})";
    }
}
