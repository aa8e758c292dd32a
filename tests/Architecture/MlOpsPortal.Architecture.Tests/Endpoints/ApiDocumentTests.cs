using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlOpsPortal.LocalServices;
using MlOpsPortal.Testing;

namespace MlOpsPortal.Architecture.Endpoints;

/// <summary>The OpenAPI document in the repository is the one that the running portal gives.</summary>
[Collection<PortalCollection>]
public sealed class ApiDocumentTests(PortalFixture portal)
{
    private const string Variable = "MLOPSPORTAL_WRITE_API_DOCUMENT";
    private static readonly string Committed = Path.Combine(Repository.Root, "docs", "api", "v1.json");
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_in_the_repository_is_the_portals()
    {
        var tenant = await portal.TenantAsync("Reader");
        var answer = await tenant.Administrator.Client.GetAsync("/openapi/v1.json");
        answer.EnsureSuccessStatusCode();
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.ToJsonString(Readable) + "\n"; // a document is no null
        if (Environment.GetEnvironmentVariable(Variable) == "1")
            await File.WriteAllTextAsync(Committed, document);

        var committed = File.Exists(Committed) ? await File.ReadAllTextAsync(Committed) : "";
        if (committed != document)
            Assert.Fail(
                $"docs/api/v1.json differs from what the portal answers ({FirstDifference(committed, document)}). Is the change meant? "
                + $"Then write it: {Variable}=1 dotnet test tests/Architecture/MlOpsPortal.Architecture.Tests, and commit the file.");
    }

    [Fact]
    public void The_first_difference_is_named() => FirstDifference("a\nb\nc\n", "a\nx\nc\n").ShouldBe("line 2: 'b' became 'x'");

    private static string FirstDifference(string before, string after)
    {
        var (old, current) = (before.Split('\n'), after.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, current.Length)).First(index => old.ElementAtOrDefault(index) != current.ElementAtOrDefault(index));
        return $"line {line + 1}: '{old.ElementAtOrDefault(line)?.Trim()}' became '{current.ElementAtOrDefault(line)?.Trim()}'";
    }
}
