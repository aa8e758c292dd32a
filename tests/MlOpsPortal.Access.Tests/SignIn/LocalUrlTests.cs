using MlOpsPortal.Access.SignIn;

namespace MlOpsPortal.Access.Tests.SignIn;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData("/t/acme/projects?tab=2", "acme")]
    [InlineData("/t/acme", "acme")]
    [InlineData("/me", null)]
    [InlineData("/", null)]
    public void A_path_of_the_portal_is_kept(string url, string? tenant)
    {
        LocalUrl.Of(url).ShouldBe(url);
        LocalUrl.Tenant(url).ShouldBe(tenant);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/x\\..\\y")]
    [InlineData("/x\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_dropped(string? url) => LocalUrl.Of(url).ShouldBeNull();
}
