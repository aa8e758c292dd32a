using System.Text.Json;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Tests.Http;

public sealed class BodyFaultsTests
{
    [Theory]
    [InlineData("""{"file": {"name": "a", "length": 1}}""", "title")]
    [InlineData("""{"title": "t"}""", "file")]
    [InlineData("""{}""", "title, file")]
    [InlineData("""{"title": "t", "file": {}}""", "file.name, file.length")]
    public void What_is_missing_is_named(string body, string missing)
    {
        var said = BodyFaults.Of(Reading(body));
        (said.Code, said.Args.ShouldHaveSingleItem()).ShouldBe(("body_incomplete", missing));
        string.Join(", ", said.Fields.Select(fault => fault.Field)).ShouldBe(missing);
    }

    [Theory]
    [InlineData("""{"title": 1, "file": {"name": "a", "length": 1}}""", "title")]
    [InlineData("""{"title": null, "file": {"name": "a", "length": 1}}""", "title")]
    [InlineData("""{"title": "t", "file": {"name": "a", "length": "one"}}""", "file.length")]
    [InlineData("""{"title": "missing required properties including: 'x'", "file": 2}""", "file")]
    [InlineData("""[]""", "$")]
    public void What_has_another_shape_is_named(string body, string place)
    {
        var said = BodyFaults.Of(Reading(body));
        said.Code.ShouldBe("body_unreadable");
        said.Fields.ShouldHaveSingleItem().Field.ShouldBe(place);
    }

    private static JsonException Reading(string body) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Asked>(body, PortalJson.Options));

    private sealed record Asked(string Title, AskedFile File);

    private sealed record AskedFile(string Name, long Length);
}
