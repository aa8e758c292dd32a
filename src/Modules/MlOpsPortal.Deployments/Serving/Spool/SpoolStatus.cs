namespace MlOpsPortal.Deployments.Serving.Spool;

/// <summary>How this process's predictions fare on their way to the log.</summary>
/// <param name="Waiting">On disk, not in the log yet.</param>
/// <param name="WaitingBytes">Their bytes.</param>
/// <param name="SetAside">Refused by the database, kept in a file.</param>
/// <param name="DatabaseAway">The last try found no database.</param>
public sealed record SpoolState(long Waiting, long WaitingBytes, long Logged, long SetAside, bool DatabaseAway);

/// <summary>For pages.</summary>
public sealed class SpoolStatus
{
    private readonly PredictionSpool spool;
    private readonly SpoolDrain drain;

    internal SpoolStatus(PredictionSpool spool, SpoolDrain drain) => (this.spool, this.drain) = (spool, drain);

    public SpoolState Now => new(spool.Records, spool.Bytes, drain.Logged, drain.SetAside, drain.IsAway);
}
