using System.Reflection;

namespace MlOpsPortal.Silo;

/// <summary>Arguments as one value tuple, and the result without its task.</summary>
internal sealed record MethodShape(Type Arguments, Type Result)
{
    private static readonly Type[] Tuples =
    [
        typeof(ValueTuple), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    public static MethodShape Of(MethodInfo method)
    {
        var arguments = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        return new(
            arguments.Length == 0 ? Tuples[0] : Tuples[arguments.Length].MakeGenericType(arguments),
            method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(Nothing));
    }

    /// <summary>Why a method cannot be called on a grain, or null when it can.</summary>
    public static string? FaultOf(MethodInfo method)
    {
        var returns = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericTypeDefinition() : method.ReturnType;
        if (method.IsGenericMethod)
            return "is generic";
        if (returns != typeof(Task) && returns != typeof(Task<>) && returns != typeof(ValueTask) && returns != typeof(ValueTask<>))
            return "returns no task";
        if (method.GetParameters().Length >= Tuples.Length)
            return $"has more than {Tuples.Length - 1} parameters; a record holds more";
        return method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike)
            ? "has parameters by reference"
            : null;
    }
}
