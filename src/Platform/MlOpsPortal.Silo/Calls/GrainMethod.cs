using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlOpsPortal.Silo;

/// <summary>The result of a method that has none.</summary>
internal readonly struct Nothing;

/// <summary>One method of a grain interface, bound to the class that implements it.</summary>
internal abstract class GrainMethod(MethodInfo interfaceMethod, Type grainClass)
{
    public string Name { get; } = interfaceMethod.Name;

    public string InterfaceName { get; } = interfaceMethod.DeclaringType!.FullName!; // a method of an interface is declared in one

    public MethodInfo InterfaceMethod => interfaceMethod;

    public MethodInfo ImplementationMethod { get; } = FindImplementation(interfaceMethod, grainClass);

    public bool IsReadOnly { get; } = interfaceMethod.IsDefined(typeof(ReadOnlyAttribute));

    public bool Interleaves { get; } = interfaceMethod.IsDefined(typeof(AlwaysInterleaveAttribute)) || grainClass.IsDefined(typeof(ReentrantAttribute));

    public static GrainMethod Create(MethodInfo interfaceMethod, Type grainClass)
    {
        var shape = MethodShape.Of(interfaceMethod);
        var type = typeof(GrainMethod<,>).MakeGenericType(shape.Arguments, shape.Result);
        return (GrainMethod)Activator.CreateInstance(type, interfaceMethod, grainClass)!; // CreateInstance is null for Nullable<T> only
    }

    private static MethodInfo FindImplementation(MethodInfo interfaceMethod, Type grainClass)
    {
        var map = grainClass.GetInterfaceMap(interfaceMethod.DeclaringType!); // see InterfaceName
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, interfaceMethod)];
    }
}

internal sealed class GrainMethod<TArguments, TResult>(MethodInfo interfaceMethod, Type grainClass) : GrainMethod(interfaceMethod, grainClass)
    where TArguments : struct, ITuple
{
    /// <summary>Calls the method on a grain: <c>grain.Method(arguments.Item1, ...)</c>.</summary>
    public Func<object, TArguments, Task<TResult>> Invoke { get; } = CompileInvoke(interfaceMethod);

    /// <summary>Reads the cancellation token among the arguments; null when the method takes none.</summary>
    public Func<TArguments, CancellationToken>? TokenOf { get; } = CompileTokenOf();

    private static Func<object, TArguments, Task<TResult>> CompileInvoke(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(TArguments));
        var items = typeof(TArguments).GetFields().Select(item => Expression.Field(arguments, item));
        Expression call = Expression.Call(Expression.Convert(grain, method.DeclaringType!), method, items); // see InterfaceName
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
            call = Expression.Call(call, nameof(ValueTask.AsTask), null);
        if (call.Type == typeof(Task))
            call = Expression.Call(typeof(GrainMethod<TArguments, TResult>), nameof(WithoutResult), null, call);
        return Expression.Lambda<Func<object, TArguments, Task<TResult>>>(call, grain, arguments).Compile();
    }

    private static Func<TArguments, CancellationToken>? CompileTokenOf()
    {
        var arguments = Expression.Parameter(typeof(TArguments));
        var token = typeof(TArguments).GetFields().FirstOrDefault(item => item.FieldType == typeof(CancellationToken));
        return token is null ? null : Expression.Lambda<Func<TArguments, CancellationToken>>(Expression.Field(arguments, token), arguments).Compile();
    }

    private static readonly Task<TResult> Done = Task.FromResult(default(TResult)!); // TResult is Nothing where this is used

    private static Task<TResult> WithoutResult(Task task)
    {
        return task.IsCompletedSuccessfully ? Done : Awaited(task);

        static async Task<TResult> Awaited(Task task)
        {
            await task;
            return default!; // as above
        }
    }
}
