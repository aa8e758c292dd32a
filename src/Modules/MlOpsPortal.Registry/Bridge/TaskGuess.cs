using System.Collections.Immutable;
using MlOpsPortal.Projects.Problem;

namespace MlOpsPortal.Registry.Bridge;

/// <summary>What kind of answer a model gives, where nobody has said it: from the outputs of its signature.</summary>
internal static class TaskGuess
{
    /// <summary>Says it: <c>binary</c>, <c>multiclass</c> or <c>regression</c>.</summary>
    public const string Tag = "mlopsportal.task";

    /// <param name="said">The tag's value.</param>
    /// <param name="problem">Of the project, once it is framed.</param>
    /// <returns>Null when nothing tells.</returns>
    public static MlTask? Of(string? said, MlTask? problem, ImmutableArray<ModelField>? outputs)
    {
        if (Enum.TryParse<MlTask>(said, ignoreCase: true, out var task) && Enum.IsDefined(task))
            return task;
        return problem ?? (outputs is { Length: > 0 } known ? FromOutputs(known) : null);
    }

    private static MlTask? FromOutputs(ImmutableArray<ModelField> outputs)
    {
        var classes = outputs.Select(output => output.Shape is [_, var width] ? width : 0).Max();
        if (classes > 2)
            return MlTask.Multiclass;
        if (classes == 2 || outputs.Any(IsLabel))
            return MlTask.Binary;
        return outputs.All(output => IsNumber(output.Type)) ? MlTask.Regression : null;
    }

    private static bool IsLabel(ModelField output) =>
        output.Type.StartsWith("int", StringComparison.Ordinal) || output.Type.StartsWith("long", StringComparison.Ordinal) || output.Type.StartsWith("bool", StringComparison.Ordinal)
        || output.Type.StartsWith("str", StringComparison.Ordinal) || output.Type.StartsWith("object", StringComparison.Ordinal);

    private static bool IsNumber(string type) => type.StartsWith("float", StringComparison.Ordinal) || type.StartsWith("double", StringComparison.Ordinal);
}
