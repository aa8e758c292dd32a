using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Models;

/// <summary>A model: a name in a project that versions are uploaded under.</summary>
public readonly record struct ModelId(Guid Value) : IId<ModelId>
{
    public static ModelId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ModelId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>One uploaded file of a model; unique in the tenant.</summary>
public readonly record struct ModelVersionId(Guid Value) : IId<ModelVersionId>
{
    public static ModelVersionId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ModelVersionId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>Metrics and predictions of one version on one dataset version.</summary>
public readonly record struct EvaluationId(Guid Value) : IId<EvaluationId>
{
    public static EvaluationId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out EvaluationId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>A request to let a version into an environment.</summary>
public readonly record struct ReleaseRequestId(Guid Value) : IId<ReleaseRequestId>
{
    public static ReleaseRequestId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ReleaseRequestId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
