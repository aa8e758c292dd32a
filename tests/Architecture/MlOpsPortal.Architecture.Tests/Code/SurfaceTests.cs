using System.Reflection;
using Microsoft.EntityFrameworkCore;
using MlOpsPortal.Platform.Data;
using MlOpsPortal.Platform.Jobs;
using MlOpsPortal.Silo;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Code;

/// <summary>What a module keeps to itself.</summary>
public sealed class SurfaceTests
{
    private static readonly HashSet<string> ModuleNames = [.. SourceProject.Running.Where(project => project.Kind == "Modules").Select(project => project.Name)];

    private static IEnumerable<Assembly> Modules => PortalDatabases.Assemblies.Where(assembly => ModuleNames.Contains(assembly.GetName().Name ?? ""));

    [Fact]
    public void Grains_stand_in_modules_and_are_internal() =>
        PortalDatabases.Assemblies.Where(assembly => assembly != typeof(IGrainWithStringKey).Assembly).SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(IGrainWithStringKey).IsAssignableFrom(type))
            .Where(type => type.IsVisible || !ModuleNames.Contains(type.Assembly.GetName().Name ?? ""))
            .Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Rows_jobs_and_endpoints_of_a_module_are_internal() =>
        Modules.SelectMany(module => module.GetTypes()).Where(type => type.IsVisible)
            .Where(type => typeof(ITenantRow).IsAssignableFrom(type) || typeof(IJobKind).IsAssignableFrom(type) || typeof(IJobVerb).IsAssignableFrom(type)
                || type.Name.EndsWith("Endpoints", StringComparison.Ordinal) || type.Name.EndsWith("Row", StringComparison.Ordinal))
            .Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void A_module_is_entered_by_one_class_with_Add_and_Map()
    {
        foreach (var module in Modules)
        {
            var name = module.GetName().Name!["MlOpsPortal.".Length..]; // a module has a name
            var entrance = module.GetType($"MlOpsPortal.{name}.{name}Module").ShouldNotBeNull($"{name} has no {name}Module");
            entrance.GetMethod($"Add{name}").ShouldNotBeNull($"{name}Module has no Add{name}");
            File.Exists(Path.Combine(SourceProject.All.Single(project => project.Name == module.GetName().Name).Folder, "README.md")).ShouldBeTrue($"{name} has no README.md");
        }
    }

    [Fact]
    public void Every_context_of_a_module_is_a_tenants_or_listed() =>
        CommittedList.Differences(
            Modules.SelectMany(module => module.GetTypes()).Where(type => type.IsSubclassOf(typeof(DbContext)) && !type.IsSubclassOf(typeof(TenantDbContext)))
                .Select(type => (type.FullName ?? "", "no tenant filter")),
            CommittedList.Read("exceptions.md", "Contexts without a tenant")).ShouldBeEmpty();
}
