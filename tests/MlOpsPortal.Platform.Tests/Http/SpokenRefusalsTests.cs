using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Tests.Http;

public sealed class SpokenRefusalsTests
{
    private static readonly JsonSerializerOptions Options =
        PortalJson.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web), SpokenRefusals.By(new RefusalTexts([RefusalTextSource.Of(typeof(PlatformModule))])));

    [Fact]
    public void A_refusal_inside_an_answer_has_its_sentence()
    {
        var written = JsonSerializer.SerializeToElement(new Answer(new Validation("uploads.block_length", "0", "100")), Options).GetProperty("fault");
        written.GetProperty("code").GetString().ShouldBe("uploads.block_length");
        written.GetProperty("detail").GetString().ShouldBe("Block 0 must have exactly 100 bytes. Send it again whole.");
        JsonSerializer.SerializeToElement(new Answer(null), Options).GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void What_was_said_can_be_read_again() =>
        JsonSerializer.Deserialize<Answer>(JsonSerializer.Serialize(new Answer(new NotFound()), Options), Options).ShouldNotBeNull().Fault.ShouldBeOfType<NotFound>();

    private sealed record Answer(Refusal? Fault);
}
