using System.Collections.Immutable;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects.Objectives;

public readonly record struct ObjectiveId(Guid Value) : IId<ObjectiveId>
{
    public static ObjectiveId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ObjectiveId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>Committed is expected at 1.0; aspirational at about 0.7.</summary>
public enum ObjectiveType
{
    Committed,
    Aspirational,
}

/// <summary>What shall be reached in a period, and by which results one sees it.</summary>
public sealed record Objective(ObjectiveId Id, string Title, string Description, ObjectiveType Type, DateOnly Start, DateOnly End, ImmutableArray<KeyResult> KeyResults);
