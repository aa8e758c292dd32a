namespace MlOpsPortal.SampleGrains;

/// <summary>Notes "run {name}" and waits for the gate "run", whatever its token says.</summary>
internal interface ICancellableGrain : IGrainWithStringKey
{
    Task Run(string name, CancellationToken cancellationToken);
}

internal sealed class CancellableGrain(Journal journal) : Grain, ICancellableGrain
{
    public Task Run(string name, CancellationToken cancellationToken)
    {
        journal.Note($"run {name}");
        return journal.Gate("run");
    }
}
