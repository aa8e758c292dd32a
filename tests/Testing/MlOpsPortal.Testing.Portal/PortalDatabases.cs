using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Web.Composition;
using MlOpsPortal.Web.Verbs;

namespace MlOpsPortal.Testing;

/// <summary>Databases with every module's schema, cloned from a template.</summary>
public static class PortalDatabases
{
    /// <summary>A portal of the tests needs few connections, and all test projects share one server.</summary>
    private const string Pool = ";Maximum Pool Size=20";

    public static async Task<DatabaseConnections> CreateAsync(CancellationToken cancellation)
    {
        var services = await TestServices.GetAsync();
        var database = await services.CreateDatabaseAsync("portal-" + SchemaKey(), (connections, stop) => Migrate.ApplyAsync(connections.Owner, stop), cancellation);
        return new DatabaseConnections(database.Owner, database.App + Pool, database.System + Pool);
    }

    /// <summary>The portal's assemblies, found from the one that composes them.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } = Reachable(typeof(Portal).Assembly);

    /// <summary>Changes with every build of an assembly that has migrations, so that a migration under work is never taken from an old template.</summary>
    private static string SchemaKey() => string.Join('\n', Assemblies
        .Where(assembly => assembly.GetTypes().Any(type => type.IsSubclassOf(typeof(Migration))))
        .Select(assembly => $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}"));

    private static List<Assembly> Reachable(Assembly from)
    {
        var found = new SortedDictionary<string, Assembly>(StringComparer.Ordinal);
        var ahead = new Queue<Assembly>([from]);
        while (ahead.TryDequeue(out var assembly))
            if (found.TryAdd(assembly.GetName().Name ?? "", assembly))
                foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name?.StartsWith("MlOpsPortal.", StringComparison.Ordinal) == true))
                    ahead.Enqueue(Assembly.Load(name));
        return [.. found.Values];
    }
}
