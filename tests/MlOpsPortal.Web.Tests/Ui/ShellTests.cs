using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MlOpsPortal.Web.Components.Layout;
using MlOpsPortal.Web.Gallery;
using MlOpsPortal.Web.Kit;
using MlOpsPortal.Web.Ui;
using Radzen;

namespace MlOpsPortal.Web;

public sealed class ShellTests : KitTest
{
    public ShellTests()
    {
        Services.AddRadzenComponents();
        Services.AddScoped<IShellSource, GalleryShell>();
        Services.AddSingleton<AuthenticationStateProvider, Nobody>();
    }

    [Fact]
    public void The_frame_has_one_main_a_skip_link_to_it_and_named_navigation()
    {
        At("/gallery");

        var frame = Frame();

        frame.FindAll("main").Count.ShouldBe(1);
        frame.Find("a.skip").GetAttribute("href").ShouldBe("http://localhost/gallery#main");
        frame.Find("nav.rail").GetAttribute("aria-label").ShouldBe("Main");
    }

    [Fact]
    public void The_rail_marks_where_one_is()
    {
        At("/gallery/42?tab=x");

        Frame().FindAll("nav.rail a[aria-current=page]").Single().TextContent.ShouldContain("Business");
    }

    [Fact]
    public void Signing_out_is_a_post() => Frame().Find("form[action='/sign-out']").GetAttribute("method").ShouldBe("post");

    [Theory]
    [InlineData("Ana Reyes", "AR")]
    [InlineData("Ana Maria de la Cruz", "AC")]
    [InlineData("ci-deployer", "C")]
    [InlineData("  ", "?")]
    public void Initials_are_of_the_first_and_last_word(string name, string initials) => new ShellPerson(name, "").Initials.ShouldBe(initials);

    /// <summary>The shell comes from GalleryShell, whoever asks.</summary>
    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal()));
    }

    private IRenderedComponent<PortalLayout> Frame() => Render<PortalLayout>(p => p.Add(layout => layout.Body, builder => builder.AddContent(0, "page")));
}
