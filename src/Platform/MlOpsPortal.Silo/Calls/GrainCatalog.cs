using System.Collections.Frozen;

namespace MlOpsPortal.Silo;

/// <summary>Which class stands behind which interface. Says all faults of the registered classes at once.</summary>
internal sealed class GrainCatalog
{
    private readonly FrozenDictionary<Type, GrainInterface> _interfaces;

    public GrainCatalog(IEnumerable<Type> classes)
    {
        var pairs = classes.Distinct().SelectMany(type => InterfacesOf(type).Select(grainInterface => (Class: type, Interface: grainInterface))).ToList();
        var faults = FaultsOf(pairs).ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException("The grains cannot be hosted: " + string.Join(" ", faults));

        var grainClasses = pairs.Select(pair => pair.Class).Distinct().ToDictionary(type => type, type => new GrainClass(type));
        _interfaces = pairs.ToFrozenDictionary(pair => pair.Interface, pair => new GrainInterface(pair.Interface, grainClasses[pair.Class]));
    }

    public GrainInterface this[Type type] => _interfaces.TryGetValue(type, out var found)
        ? found
        : throw new InvalidOperationException($"No grain class registered with the silo implements {type.FullName}.");

    private static IEnumerable<Type> InterfacesOf(Type type) =>
        type.GetInterfaces().Where(each => each.IsAssignableTo(typeof(IGrainWithStringKey)) && each != typeof(IGrainWithStringKey));

    private static IEnumerable<string> FaultsOf(List<(Type Class, Type Interface)> pairs)
    {
        foreach (var shared in pairs.GroupBy(pair => pair.Interface).Where(group => group.Count() > 1))
            yield return $"{shared.Key.Name} is implemented by {string.Join(" and ", shared.Select(pair => pair.Class.Name))}; one class must be the grain.";
        foreach (var shared in pairs.Select(pair => pair.Class).Distinct().GroupBy(GrainClass.NameOf).Where(group => group.Count() > 1))
            yield return $"{string.Join(" and ", shared.Select(type => type.FullName))} share the grain type {shared.Key}.";
        foreach (var method in pairs.SelectMany(pair => GrainInterface.MethodsOf(pair.Interface)).Distinct())
        {
            if (MethodShape.FaultOf(method) is { } fault)
                yield return $"{method.DeclaringType?.Name}.{method.Name} {fault}.";
        }
    }
}
