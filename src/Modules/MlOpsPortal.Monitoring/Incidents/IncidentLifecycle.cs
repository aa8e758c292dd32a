namespace MlOpsPortal.Monitoring.Incidents;

public enum IncidentState
{
    Open,

    /// <summary>A way back was chosen; somebody works on it.</summary>
    InHand,
    Closed,
}

/// <summary>What can happen to an incident.</summary>
public enum IncidentMove
{
    ChooseWayBack,

    /// <summary>All its alerts are resolved.</summary>
    Recover,

    /// <summary>Somebody says that it is over.</summary>
    Close,
}

/// <summary>The lifecycle of an incident as one table. What is not in it does not happen.</summary>
public static class IncidentLifecycle
{
    private static readonly Dictionary<(IncidentState From, IncidentMove Move), IncidentState> Moves = new()
    {
        [(IncidentState.Open, IncidentMove.ChooseWayBack)] = IncidentState.InHand,
        [(IncidentState.Open, IncidentMove.Recover)] = IncidentState.Closed,
        [(IncidentState.Open, IncidentMove.Close)] = IncidentState.Closed,
        [(IncidentState.InHand, IncidentMove.ChooseWayBack)] = IncidentState.InHand,
        [(IncidentState.InHand, IncidentMove.Recover)] = IncidentState.Closed,
        [(IncidentState.InHand, IncidentMove.Close)] = IncidentState.Closed,
    };

    /// <returns>Null when the table does not have the move.</returns>
    public static IncidentState? Next(IncidentState from, IncidentMove move) => Moves.TryGetValue((from, move), out var to) ? to : null;
}
