using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace MlOpsPortal.Web;

/// <summary>Answers bUnit's request for AngleSharp.Diffing with the version that eng/Bunit.targets put beside the tests.</summary>
internal static class BunitDependencies
{
#pragma warning disable CA2255 // A module initializer is the only moment before bUnit's types load.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Resolve() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "bunit", "AngleSharp.Diffing.dll"))
            : (Assembly?)null;
}
