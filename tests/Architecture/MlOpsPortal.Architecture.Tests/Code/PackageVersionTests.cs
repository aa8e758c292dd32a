using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlOpsPortal.LocalServices;

namespace MlOpsPortal.Architecture.Code;

/// <summary>Versions of packages stand in Directory.Packages.props and nowhere else.</summary>
public sealed partial class PackageVersionTests
{
    private static readonly string[] Elements = ["PackageReference", "PackageDownload", "PackageVersion", "GlobalPackageReference"];

    [Fact]
    public void Only_Directory_Packages_props_names_versions() =>
        BuildFiles().SelectMany(file => Literals(XDocument.Load(file)).Select(found => $"{Path.GetRelativePath(Repository.Root, file)}: {found}")).ShouldBeEmpty();

    [Fact]
    public void A_version_in_a_project_file_is_found() =>
        Literals(XDocument.Parse("""<Project><ItemGroup><PackageReference Include="Npgsql" Version="10.0.0" /></ItemGroup></Project>""")).ShouldBe(["Npgsql 10.0.0"]);

    private static IEnumerable<string> BuildFiles() => Directory.EnumerateFiles(Repository.Root, "*.*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 6 })
        .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets" && Path.GetFileName(file) != "Directory.Packages.props")
        .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules" or "artifacts"));

    /// <summary>A property that Directory.Packages.props sets is no literal.</summary>
    private static IEnumerable<string> Literals(XDocument file) =>
        from element in file.Descendants()
        where Elements.Contains(element.Name.LocalName)
        from version in element.Attributes().Where(attribute => attribute.Name.LocalName is "Version" or "VersionOverride").Select(attribute => attribute.Value)
            .Concat(element.Elements().Where(child => child.Name.LocalName is "Version" or "VersionOverride").Select(child => child.Value))
        where Property().Replace(version, "").Any(char.IsAsciiDigit)
        select $"{(string?)element.Attribute("Include") ?? (string?)element.Attribute("Update")} {version}";

    [GeneratedRegex(@"\$\([^)]*\)", RegexOptions.None, 1000)]
    private static partial Regex Property();
}
