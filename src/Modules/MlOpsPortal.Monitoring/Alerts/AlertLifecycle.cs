namespace MlOpsPortal.Monitoring.Alerts;

public enum AlertState
{
    Firing,
    Acknowledged,

    /// <summary>Nobody is told until the silence ends.</summary>
    Silenced,
    Resolved,
}

/// <summary>What can happen to an alert.</summary>
public enum AlertMove
{
    /// <summary>Somebody knows.</summary>
    Acknowledge,
    Silence,

    /// <summary>The silence ended.</summary>
    Wake,

    /// <summary>The rule no longer fires.</summary>
    Recover,

    /// <summary>Somebody says that it is over.</summary>
    Resolve,
}

/// <summary>The lifecycle of an alert as one table. What is not in it does not happen.</summary>
public static class AlertLifecycle
{
    private static readonly Dictionary<(AlertState From, AlertMove Move), AlertState> Moves = new()
    {
        [(AlertState.Firing, AlertMove.Acknowledge)] = AlertState.Acknowledged,
        [(AlertState.Firing, AlertMove.Silence)] = AlertState.Silenced,
        [(AlertState.Firing, AlertMove.Recover)] = AlertState.Resolved,
        [(AlertState.Firing, AlertMove.Resolve)] = AlertState.Resolved,
        [(AlertState.Acknowledged, AlertMove.Silence)] = AlertState.Silenced,
        [(AlertState.Acknowledged, AlertMove.Recover)] = AlertState.Resolved,
        [(AlertState.Acknowledged, AlertMove.Resolve)] = AlertState.Resolved,
        [(AlertState.Silenced, AlertMove.Acknowledge)] = AlertState.Acknowledged,
        [(AlertState.Silenced, AlertMove.Wake)] = AlertState.Firing,
        [(AlertState.Silenced, AlertMove.Recover)] = AlertState.Resolved,
        [(AlertState.Silenced, AlertMove.Resolve)] = AlertState.Resolved,
    };

    /// <returns>Null when the table does not have the move.</returns>
    public static AlertState? Next(AlertState from, AlertMove move) => Moves.TryGetValue((from, move), out var to) ? to : null;
}
