using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using MlOpsPortal.Platform.Ids;
using MlOpsPortal.Projects.Kpis;

namespace MlOpsPortal.Projects.Objectives;

public readonly record struct KeyResultId(Guid Value) : IId<KeyResultId>
{
    public static KeyResultId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out KeyResultId id) => Id.TryParse(text, out id);

    /// <summary>The id of a key result that was written down before key results had one: the same whenever it is asked for.</summary>
    public static KeyResultId Of(string objective, int place)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{objective}/{place}"))).AsSpan(0, 16);
        return new(new Guid(hash, bigEndian: true));
    }

    public override string ToString() => Id.Text(Value);
}

/// <summary>How a key result's progress follows from what is recorded.</summary>
public enum KeyResultType
{
    /// <summary>From start to target, upwards or downwards.</summary>
    Change,

    /// <summary>Stays between two bounds.</summary>
    Maintain,

    /// <summary>So many done of so many; done or not done is one of one.</summary>
    Milestone,

    /// <summary>A number with a commit, a target and a stretch mark.</summary>
    Zones,

    /// <summary>No number: which of four described states is it in?</summary>
    Ordinal,
}

/// <summary>A result by which one sees that the objective is reached.</summary>
/// <param name="Start">Change: where it began. Zones: the baseline.</param>
/// <param name="Target">Change: where it shall be. Zones: the target mark, worth 0.7; may be left out. Milestone: how many there are to do, 1 when left out.</param>
public sealed record KeyResult(string Title, string Unit, decimal? Start = null, decimal? Target = null)
{
    /// <summary>Given by the portal; send it back to change this key result. Without it, the one with the same title is meant.</summary>
    public KeyResultId Id { get; init; }

    public KeyResultType Type { get; init; } = KeyResultType.Change;

    /// <summary>Maintain: the lowest value that is still good.</summary>
    public decimal? Lower { get; init; }

    /// <summary>Maintain: the highest value that is still good.</summary>
    public decimal? Upper { get; init; }

    /// <summary>Maintain: days back from today whose check-ins count.</summary>
    public int? Window { get; init; }

    /// <summary>Zones: the mark worth 0.3; may be left out.</summary>
    public decimal? Commit { get; init; }

    /// <summary>Zones: the mark worth 1.0.</summary>
    public decimal? Stretch { get; init; }

    /// <summary>Ordinal: what each zone looks like.</summary>
    public ZoneTexts? Texts { get; init; }

    /// <summary>Its share of the objective against the others' weights.</summary>
    public decimal Weight { get; init; } = 1;

    /// <summary>Who checks in, by name; the business owner when not given.</summary>
    public string? Owner { get; init; }

    /// <summary>How often it is checked in.</summary>
    public Cadence Cadence { get; init; } = Cadence.Weekly;

    /// <summary>Left out of the objective's progress.</summary>
    public bool Archived { get; init; }

    /// <summary>Milestone: how many there are to do.</summary>
    [JsonIgnore]
    public decimal Total => Target ?? 1;
}

/// <summary>An ordinal key result's zones in words, each at most 400 characters.</summary>
public sealed record ZoneTexts(string Commit, string Target, string Stretch);

/// <summary>How good a check-in is where there is no number.</summary>
public enum Zone
{
    Fail,
    Commit,
    Target,
    Stretch,
}
