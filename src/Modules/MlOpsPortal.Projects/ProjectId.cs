using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Projects;

/// <summary>A machine-learning project, from the business problem to the monitored model.</summary>
public readonly record struct ProjectId(Guid Value) : IId<ProjectId>
{
    /// <summary>The place that people are members of: a project's members see everything in it, others nothing.</summary>
    public ScopeId Scope => new(Value);

    public static ProjectId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ProjectId id) => Id.TryParse(text, out id);

    public override string ToString() => Id.Text(Value);
}
