namespace MlOpsPortal.Web.Components.Kit;

public enum SpineState
{
    Ahead,
    Current,
    Done,
    Reopened,
}

/// <summary>A stage: its name, how it stands, one short note ("signed off 3 Feb"), its address.</summary>
public sealed record SpineStage(string Name, SpineState State, string? Note = null, string? Href = null);
