using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Code;

/// <summary>Every refusal has its sentence.</summary>
[Collection<PortalCollection>]
public sealed partial class RefusalTextTests(PortalFixture portal)
{
    [Fact]
    public void Every_code_in_the_source_has_a_text()
    {
        var texts = portal.Portal.Services.GetRequiredService<RefusalTexts>();
        var codes = SourceProject.Running.SelectMany(project => project.Sources)
            .SelectMany(file => Codes(File.ReadAllText(file)).Select(code => (Code: code, File: Path.GetRelativePath(Repository.Root, file)))).ToList();

        codes.Count.ShouldBeGreaterThan(60);
        codes.Where(found => !texts.Has(found.Code)).Select(found => $"{found.Code} ({found.File})").Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Codes_are_found_in_every_way_they_are_written()
    {
        const string Source = """
            public static Conflict NameTaken() => new("projects.name_taken");
            public static readonly Validation Wrong = new("access.wrong_credentials");
            return new NotFound("uploads.not_found");
            new Validation("uploads.block_hash", number) { Kind = ValidationKind.Unprocessable };
            faults.Add(new FieldFault("slug", "access.tenant_slug_invalid"));
            faults.Text("name", Name, 200).When(Baseline == Target, "target", "projects.start_is_target");
            AccessErrors.Field("roles", "access.roles_empty");
            new("gate.problem", project.Problem is not null, null, link),
            """;

        Codes(Source).ShouldBe(
            ["projects.name_taken", "access.wrong_credentials", "uploads.not_found", "uploads.block_hash", "access.tenant_slug_invalid", "projects.start_is_target", "access.roles_empty", "gate.problem"],
            ignoreOrder: true);
    }

    private static IEnumerable<string> Codes(string source) => Written().Matches(source).Select(match => match.Groups["code"].Value);

    [GeneratedRegex("""
        (?:new\s+(?:Validation|NotFound|Conflict|Forbidden|Unavailable)\(\s*
        |\b(?:Validation|NotFound|Conflict|Forbidden|Unavailable)\s+\w+(?:\([^)]*\))?\s*(?:=>|=|\{\s*get;\s*\}\s*=)\s*new\(\s*
        |FieldFault\(\s*[^,()]+(?:\([^)]*\))?,\s*
        |\.When\((?:[^;"]|"(?!,\s*"[a-z_]+[."]))*"[^"]*",\s*
        |\bField\(\s*"[^"]*",\s*
        |(?=new\(\s*"gate\.)new\(\s*)
        "(?<code>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)"
        """, RegexOptions.IgnorePatternWhitespace, 5000)]
    private static partial Regex Written();
}
