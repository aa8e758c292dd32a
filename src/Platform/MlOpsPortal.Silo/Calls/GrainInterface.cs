using System.Reflection;

namespace MlOpsPortal.Silo;

/// <summary>A grain interface with the class behind it, its methods and the generated class of its references.</summary>
internal sealed class GrainInterface
{
    private readonly ConstructorInfo _reference;

    public GrainInterface(Type type, GrainClass grainClass)
    {
        GrainClass = grainClass;
        var methods = MethodsOf(type).ToArray();
        Methods = [.. methods.Select(method => GrainMethod.Create(method, grainClass.Type))];
        _reference = ReferenceEmitter.Emit(type, methods);
    }

    public GrainClass GrainClass { get; }

    public GrainMethod[] Methods { get; }

    public static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetInterfaces().Prepend(type).SelectMany(each => each.GetMethods(BindingFlags.Public | BindingFlags.Instance)).Where(method => method.IsAbstract);

    public GrainReference CreateReference(LocalSilo silo, string key) => (GrainReference)_reference.Invoke([this, silo, key]);
}
