using System.Collections.Immutable;
using System.Globalization;
using MlOpsPortal.Registry.Versions;

namespace MlOpsPortal.Registry.Governance;

/// <summary>What shall move.</summary>
public enum MoveKind
{
    SetAlias,
    RemoveAlias,
    Stage,
}

/// <summary>What has moved, in the history.</summary>
public enum MovementKind
{
    Alias,
    Stage,
}

/// <summary>An alias to a version, an alias away, or a version to a stage.</summary>
/// <param name="Name">The alias or the stage.</param>
/// <param name="Number">Of the version; 0 for an alias that goes.</param>
public sealed record Move(MoveKind Kind, string Name, int Number)
{
    /// <summary>Other versions leave the stage for the archive.</summary>
    public bool ArchiveOthers { get; init; }

    /// <summary>As a sentence begins: <c>Moving the alias 'champion' of 'churn' to version 3</c>.</summary>
    public string Sentence(string model) => Kind switch
    {
        MoveKind.SetAlias => string.Create(CultureInfo.InvariantCulture, $"Moving the alias '{Name}' of '{model}' to version {Number}"),
        MoveKind.RemoveAlias => $"Removing the alias '{Name}' of '{model}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"Moving version {Number} of '{model}' to the stage {Name}"),
    };

    /// <summary>As a title: <c>champion of churn → version 3</c>.</summary>
    public string Title(string model) => Kind switch
    {
        MoveKind.SetAlias => string.Create(CultureInfo.InvariantCulture, $"{Name} of {model} to version {Number}"),
        MoveKind.RemoveAlias => $"{Name} of {model} removed",
        _ => string.Create(CultureInfo.InvariantCulture, $"{model} version {Number} to {Name}"),
    };
}

/// <summary>Which moves need somebody else's approval, unless the version is approved for production already.</summary>
public sealed record GovernanceRule(ImmutableArray<string> ProtectedAliases, bool ProtectStages)
{
    public const int MostAliases = 50;

    /// <summary>Until a tenant says otherwise.</summary>
    public static readonly GovernanceRule Default = new(["champion"], ProtectStages: true);

    /// <summary>Upper and lower case do not matter here: CHAMPION is not a way around.</summary>
    public bool Guards(string alias) => ProtectedAliases.Contains(alias, StringComparer.OrdinalIgnoreCase);

    /// <param name="from">The stage that the version is in; for a move of a stage.</param>
    public bool Guards(Move move, ModelStage from) => move.Kind == MoveKind.Stage
        ? ProtectStages && (from == ModelStage.Production || ModelStages.Parse(move.Name) is not ModelStage.None)
        : Guards(move.Name);
}

public enum MoveState
{
    Requested,
    Approved,
    Rejected,
    Withdrawn,
}
