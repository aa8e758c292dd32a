using System.Text.Json;
using MlOpsPortal.Platform.Errors;
using MlOpsPortal.Platform.Http;
using MlOpsPortal.Platform.Json;

namespace MlOpsPortal.Platform.Tests.Errors;

public sealed class ProblemsTests
{
    public static TheoryData<Refusal, int> Statuses => new()
    {
        { new Validation("invalid"), 400 },
        { new Validation("invalid") { Kind = ValidationKind.TooLarge }, 413 },
        { new Validation("invalid") { Kind = ValidationKind.WrongType }, 415 },
        { new Validation("invalid") { Kind = ValidationKind.Unprocessable }, 422 },
        { new NotFound(), 404 },
        { new Conflict("stale"), 409 },
        { new Forbidden("forbidden", "nobody"), 403 },
        { new Unavailable("database_down"), 503 },
        { new Unavailable("database_down") { Kind = UnavailableKind.TooMany }, 429 },
        { new Unavailable("database_down") { Kind = UnavailableKind.TooSlow }, 504 },
        { new Unavailable("database_down") { Kind = UnavailableKind.NoRoom }, 507 },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_refusal_has_its_status_and_its_sentence(Refusal refusal, int status)
    {
        var texts = new RefusalTexts([RefusalTextSource.Of(typeof(PlatformModule))]);

        var problem = Problems.Describe(refusal, texts, "trace");

        problem.Status.ShouldBe(status);
        problem.Detail.ShouldNotBeNullOrWhiteSpace();
        problem.Extensions["code"].ShouldBe(refusal.Code);
        problem.Extensions["traceId"].ShouldBe("trace");
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_refusal_travels_as_json_by_its_kind(Refusal refusal, int status)
    {
        var back = JsonSerializer.Deserialize<Result<string>>(JsonSerializer.Serialize(new Result<string> { Refusal = refusal }, PortalJson.Options), PortalJson.Options).ShouldNotBeNull();

        back.IsOk.ShouldBeFalse();
        Problems.Status(back.Refusal!).ShouldBe(status); // not ok, so it is there
        back.Refusal!.Code.ShouldBe(refusal.Code);
    }

    [Fact]
    public void Everything_wrong_with_a_request_is_said_at_once()
    {
        var faults = new Faults().Text("name", " ", 10).Text("summary", "a\u0007b", 10).OptionalText("note", "longer than ten", 10).When(true, "end", "required");

        faults.Refusal.ShouldNotBeNull().Fields.Select(fault => (fault.Field, fault.Code))
            .ShouldBe([("name", "required"), ("summary", "control_characters"), ("note", "too_long"), ("end", "required")]);
    }

    [Fact]
    public void Nothing_wrong_is_no_refusal() => new Faults().Text("name", "ok\nwith a second line", 100).Refusal.ShouldBeNull();
}
