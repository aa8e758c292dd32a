using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Deployments;

/// <summary>An endpoint: a name in a tenant under which one model is scored.</summary>
public readonly record struct DeploymentId(Guid Value) : IId<DeploymentId>
{
    public static DeploymentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out DeploymentId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}

/// <summary>One attempt to let a model version answer.</summary>
public readonly record struct ReleaseId(Guid Value) : IId<ReleaseId>
{
    public static ReleaseId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ReleaseId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
