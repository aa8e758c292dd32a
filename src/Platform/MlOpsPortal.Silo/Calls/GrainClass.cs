using Microsoft.Extensions.DependencyInjection;

namespace MlOpsPortal.Silo;

/// <summary>A grain class and how to make one.</summary>
internal sealed class GrainClass(Type type)
{
    private readonly ObjectFactory _factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);

    public Type Type => type;

    public GrainType GrainType { get; } = NameOf(type);

    public Grain Create(IServiceProvider services) => (Grain)_factory(services, null);

    public static GrainType NameOf(Type type)
    {
        var name = type.Name.EndsWith(nameof(Grain), StringComparison.Ordinal) ? type.Name[..^nameof(Grain).Length] : type.Name;
        return new(name.ToLowerInvariant());
    }
}
