using MlOpsPortal.Projects.Kpis;
using MlOpsPortal.Projects.Objectives;

namespace MlOpsPortal.Web.Components.Pages.Projects;

/// <summary>A key result while it is edited. Only what its type needs is sent.</summary>
public sealed class KeyResultDraft
{
    private KeyResultId id;

    public string? Title { get; set; }
    public string? Unit { get; set; }
    public KeyResultType Type { get; set; }
    public decimal? Start { get; set; }
    public decimal? Target { get; set; }
    public decimal? Lower { get; set; }
    public decimal? Upper { get; set; }
    public int? Window { get; set; }
    public decimal? Commit { get; set; }
    public decimal? Stretch { get; set; }
    public string? CommitText { get; set; }
    public string? TargetText { get; set; }
    public string? StretchText { get; set; }
    public decimal? Weight { get; set; } = 1;
    public string? Owner { get; set; }
    public Cadence Cadence { get; set; } = Cadence.Weekly;
    public bool Archived { get; set; }

    public KeyResult KeyResult => new(Title ?? "", Unit ?? "", NeedsStart ? Start : null, NeedsTarget ? Target : null)
    {
        Id = id,
        Type = Type,
        Lower = Type == KeyResultType.Maintain ? Lower : null,
        Upper = Type == KeyResultType.Maintain ? Upper : null,
        Window = Type == KeyResultType.Maintain ? Window : null,
        Commit = Type == KeyResultType.Zones ? Commit : null,
        Stretch = Type == KeyResultType.Zones ? Stretch : null,
        Texts = Type == KeyResultType.Ordinal ? new ZoneTexts(CommitText ?? "", TargetText ?? "", StretchText ?? "") : null,
        Weight = Weight ?? 1,
        Owner = Owner,
        Cadence = Cadence,
        Archived = Archived,
    };

    public bool NeedsStart => Type is KeyResultType.Change or KeyResultType.Zones;

    public bool NeedsTarget => Type is KeyResultType.Change or KeyResultType.Zones or KeyResultType.Milestone;

    public static KeyResultDraft Of(KeyResult result) => new()
    {
        id = result.Id,
        Title = result.Title,
        Unit = result.Unit,
        Type = result.Type,
        Start = result.Start,
        Target = result.Target,
        Lower = result.Lower,
        Upper = result.Upper,
        Window = result.Window,
        Commit = result.Commit,
        Stretch = result.Stretch,
        CommitText = result.Texts?.Commit,
        TargetText = result.Texts?.Target,
        StretchText = result.Texts?.Stretch,
        Weight = result.Weight,
        Owner = result.Owner,
        Cadence = result.Cadence,
        Archived = result.Archived,
    };
}
