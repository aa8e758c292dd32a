using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Registry;

/// <summary>A registered model. On MLflow's wire it has a name alone, which can change; this stays.</summary>
public readonly record struct RegisteredModelId(Guid Value) : IId<RegisteredModelId>
{
    public static RegisteredModelId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out RegisteredModelId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>A request to move a protected alias or a stage.</summary>
public readonly record struct MoveRequestId(Guid Value) : IId<MoveRequestId>
{
    public static MoveRequestId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out MoveRequestId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
