using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Code;

/// <summary>A project below src, as its project file and its build say.</summary>
internal sealed record SourceProject(string Name, string Kind, string Folder)
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>Everything below src; <see cref="Kind"/> is Platform, Modules or Hosts.</summary>
    public static IReadOnlyList<SourceProject> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new SourceProject(
                Path.GetFileNameWithoutExtension(file), Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)) ?? ""), Path.GetDirectoryName(file) ?? "")),
    ];

    /// <summary>What the portal is made of, and the other hosts; a module that is not composed yet is under work.</summary>
    public static IReadOnlyList<SourceProject> Running { get; } =
        [.. All.Where(project => project.Kind != "Modules" || PortalDatabases.Assemblies.Any(assembly => assembly.GetName().Name == project.Name))];

    public string ProjectFile => Path.Combine(Folder, Name + ".csproj");

    public string AssemblyFile => Path.Combine(Folder, "bin", Configuration, "net10.0", ((string?)XDocument.Load(ProjectFile).Descendants("AssemblyName").SingleOrDefault() ?? Name) + ".dll");

    /// <summary>C# and Razor files, without what the build made.</summary>
    public IEnumerable<string> Sources => Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
        .Where(file => !Path.GetRelativePath(Folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations"));

    /// <summary>Projects that the project file names, the silo among them when it asks for it.</summary>
    public IReadOnlyList<string> DeclaredReferences()
    {
        var file = XDocument.Load(ProjectFile);
        var named = file.Descendants("ProjectReference").Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include") ?? ""));
        return file.Descendants("UseSilo").Any(use => use.Value == "true") ? [.. named, "MlOpsPortal.Silo"] : [.. named];
    }

    /// <summary>Projects whose types the compiled code uses, also those it sees only through others.</summary>
    public IReadOnlyList<string> CompiledReferences()
    {
        using var file = new PEReader(File.OpenRead(AssemblyFile));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
                .Where(name => name.StartsWith("MlOpsPortal.", StringComparison.Ordinal)),
        ];
    }
}
