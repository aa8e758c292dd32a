using System.Net;
using System.Text;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

/// <summary>What a browser is given of somebody's files.</summary>
[Collection<PortalCollection>]
public sealed class ArtifactViewTests(PortalFixture portal)
{
    [Fact]
    public async Task A_page_that_somebody_uploaded_is_shown_where_nothing_of_it_runs()
    {
        var (scientist, run) = await ArrangeAsync(("evil.html", "<script>parent.location='/stolen'</script><h1>Hello</h1>"), ("evil.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"));

        foreach (var name in new[] { "evil.html", "evil.svg" })
        {
            using var answer = await scientist.Client.GetAsync($"/api/v1/runs/{run}/artifact/view?path={name}");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldStartWith("sandbox; default-src 'none'");
            policy.ShouldNotContain("script-src");
            policy.ShouldNotContain("allow-scripts");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        }
    }

    [Fact]
    public async Task Markdown_is_rendered_without_the_markup_in_it()
    {
        var (scientist, run) = await ArrangeAsync(("a.md", "# Title\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) | **bold**"));

        var page = await scientist.Client.GetStringAsync($"/api/v1/runs/{run}/artifact/view?path=a.md");

        page.ShouldContain("<h1");
        page.ShouldContain("<strong>bold</strong>");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task Other_files_are_only_downloaded()
    {
        var (scientist, run) = await ArrangeAsync(("model.pkl", "cos\nsystem"));

        (await scientist.Client.GetAsync($"/api/v1/runs/{run}/artifact/view?path=model.pkl")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var file = await scientist.Client.GetAsync($"/api/v1/runs/{run}/artifact?path=model.pkl");
        (await file.Content.ReadAsStringAsync()).ShouldBe("cos\nsystem");
        file.Content.Headers.ContentType?.MediaType.ShouldBe("application/octet-stream");
        file.Content.Headers.ContentDisposition?.DispositionType.ShouldBe("attachment");
        (await scientist.Client.GetAsync($"/api/v1/runs/{run}/artifact?path=..%2Fx")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await scientist.Client.GetAsync($"/api/v1/runs/{run}/artifact?path=no")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<(TestMember Scientist, string Run)> ArrangeAsync(params (string Name, string Content)[] files)
    {
        var tenant = await portal.TenantAsync("Views");
        var scientist = tenant[Role.DataScientist];
        var experiment = await scientist.ExperimentAsync(await tenant.ProjectAsync("Churn"), $"e-{Guid.NewGuid():n}");
        var run = await scientist.RunAsync(experiment);
        foreach (var (name, content) in files)
            await scientist.PutAsync($"{experiment}/{run}/artifacts/{name}", Encoding.UTF8.GetBytes(content));
        return (scientist, run);
    }
}
