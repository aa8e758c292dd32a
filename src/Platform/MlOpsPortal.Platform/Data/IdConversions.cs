using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using MlOpsPortal.Platform.Ids;

namespace MlOpsPortal.Platform.Data;

/// <summary>Every typed id of the module and of what it references is a uuid column.</summary>
internal static class IdConversions
{
    public static void Register(ModelConfigurationBuilder configuration, Assembly module)
    {
        foreach (var type in IdTypes(module))
            configuration.Properties(type).HaveConversion(typeof(IdConverter<>).MakeGenericType(type));
    }

    private static IEnumerable<Type> IdTypes(Assembly module)
    {
        var referenced = module.GetReferencedAssemblies()
            .Where(name => name.Name?.StartsWith("MlOpsPortal.", StringComparison.Ordinal) == true)
            .Select(Assembly.Load);
        return referenced.Append(module).Append(typeof(TenantId).Assembly).Distinct().SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.IsValueType && Array.Exists(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IId<>)));
    }

    private sealed class IdConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Make(value))
        where TId : struct, IId<TId>
    {
        private static TId Make(Guid value) => TId.From(value);
    }
}
