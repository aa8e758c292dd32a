using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace MlOpsPortal.Silo;

/// <summary>
/// Generates the class of an interface's references. Each method packs its arguments into a value tuple and passes them on with its index:
/// <c>Task&lt;R&gt; Method(A a, B b) => Call&lt;ValueTuple&lt;A, B&gt;, R&gt;(index, new(a, b))</c>. DispatchProxy would box and make an array per call.
/// </summary>
internal static class ReferenceEmitter
{
    private static readonly Type[] ConstructorParameters = [typeof(GrainInterface), typeof(LocalSilo), typeof(string)];
    private static readonly ConstructorInfo BaseConstructor =
        typeof(GrainReference).GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, ConstructorParameters)!; // see its primary constructor
    private static readonly MethodInfo Call =
        typeof(GrainReference).GetMethod("Call", BindingFlags.NonPublic | BindingFlags.Instance)!; // see its declaration

    public static ConstructorInfo Emit(Type grainInterface, MethodInfo[] methods)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"{grainInterface.FullName}.References"), AssemblyBuilderAccess.Run);
        SeeInternalsOf(assembly, methods.SelectMany(TypesOf).Append(grainInterface).Append(typeof(GrainReference)));
        var type = assembly.DefineDynamicModule("references").DefineType(
            $"{grainInterface.Name}Reference", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [grainInterface]);
        EmitConstructor(type);
        for (var index = 0; index < methods.Length; index++)
            EmitMethod(type, methods[index], index);
        return type.CreateType().GetConstructor(ConstructorParameters)!; // emitted above
    }

    private static void EmitConstructor(TypeBuilder type)
    {
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, ConstructorParameters).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Ldarg_3);
        code.Emit(OpCodes.Call, BaseConstructor);
        code.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder type, MethodInfo method, int index)
    {
        var shape = MethodShape.Of(method);
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var builder = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}", // a method of an interface is declared in one
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            parameters);
        var code = builder.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, index);
        for (var i = 1; i <= parameters.Length; i++)
            code.Emit(OpCodes.Ldarg, (short)i);
        if (parameters.Length > 0)
            code.Emit(OpCodes.Newobj, shape.Arguments.GetConstructor(parameters)!); // a value tuple has exactly this constructor
        else
            code.Emit(OpCodes.Ldloc, code.DeclareLocal(shape.Arguments));
        code.Emit(OpCodes.Call, Call.MakeGenericMethod(shape.Arguments, shape.Result));
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            Type[] task = [shape.Result == typeof(Nothing) ? typeof(Task) : typeof(Task<>).MakeGenericType(shape.Result)];
            code.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor(task)!); // a value task is made of a task
        }

        code.Emit(OpCodes.Ret);
        type.DefineMethodOverride(builder, method);
    }

    private static IEnumerable<Type> TypesOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).SelectMany(WithArguments);

    private static IEnumerable<Type> WithArguments(Type type) =>
        type.GetGenericArguments().SelectMany(WithArguments).Append(type.HasElementType ? type.GetElementType()! : type); // HasElementType says so

    /// <summary>Grain interfaces and their records are internal to their modules; the runtime honours this attribute by its name.</summary>
    private static void SeeInternalsOf(AssemblyBuilder assembly, IEnumerable<Type> types)
    {
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!; // declared below
        foreach (var name in types.Select(type => type.Assembly.GetName().Name!).Distinct(StringComparer.Ordinal)) // every loaded assembly has a name
            assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
    }
}
