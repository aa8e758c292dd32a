using MlOpsPortal.Platform.Errors;

namespace MlOpsPortal.Models.Registry;

public enum VersionState
{
    /// <summary>The file is being looked at in a child process.</summary>
    Admitting,

    /// <summary>The file is not a model that the portal runs; the reason stands on the version.</summary>
    Refused,

    /// <summary>Nobody has confirmed yet how rows become the file's inputs, or what the predictions of a version that is not run are about.</summary>
    ContractNeeded,

    /// <summary>May be evaluated, compared and proposed for release.</summary>
    Ready,
}

/// <summary>What can happen to a version.</summary>
public enum VersionMove
{
    Admit,
    Refuse,
    ConfirmContract,

    /// <summary>Kept as a version that the portal does not run.</summary>
    Keep,
}

/// <summary>The lifecycle of a version as one table. What is not in it does not happen.</summary>
public static class VersionLifecycle
{
    private static readonly Dictionary<(VersionState From, VersionMove Move), VersionState> Moves = new()
    {
        [(VersionState.Admitting, VersionMove.Admit)] = VersionState.ContractNeeded,
        [(VersionState.Admitting, VersionMove.Refuse)] = VersionState.Refused,
        [(VersionState.Refused, VersionMove.Keep)] = VersionState.ContractNeeded,
        [(VersionState.ContractNeeded, VersionMove.ConfirmContract)] = VersionState.Ready,
        [(VersionState.Ready, VersionMove.ConfirmContract)] = VersionState.Ready,
    };

    public static Result<VersionState> Next(VersionState from, VersionMove move) =>
        Moves.TryGetValue((from, move), out var to) ? to : ModelsErrors.VersionMove(from, move);
}
