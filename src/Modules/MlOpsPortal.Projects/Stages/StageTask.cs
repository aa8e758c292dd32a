using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects.Stages;

public readonly record struct StageTaskId(Guid Value) : IId<StageTaskId>
{
    public static StageTaskId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out StageTaskId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>What a later stage asks of an earlier one: more data, a mended pipeline, another model, another goal.</summary>
/// <param name="From">The stage that asks.</param>
/// <param name="To">The stage that has to do it; it was reopened for it.</param>
/// <param name="Occasion">What made somebody ask; null when the request says it all.</param>
public sealed record StageTask(StageTaskId Id, Stage From, Stage To, string Request, Occasion? Occasion, UserId By, string ByName, DateTimeOffset At)
{
    /// <summary>Who does it; null while nobody took it and everyone who works on the stage sees it.</summary>
    public UserId? Assignee { get; init; }
    public string? AssigneeName { get; init; }

    /// <summary>Null while it is open.</summary>
    public StageTaskEnd? End { get; init; }
}

/// <summary>How a task ended.</summary>
/// <param name="BySignOff">The stage was signed off again; nobody closed the task by hand.</param>
public sealed record StageTaskEnd(UserId By, string ByName, DateTimeOffset At, string Note, bool BySignOff);

/// <summary>A thing outside the project's own document that something in it is about.</summary>
/// <param name="Kind">incident, release…</param>
/// <param name="Id">32 hex digits.</param>
/// <param name="Title">As it was called then.</param>
public sealed record Occasion(string Kind, string Id, string Title);
