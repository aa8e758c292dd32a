using MlOpsPortal.EndToEnd.Journeys;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>Requests that two readers could cut apart differently (attack 35), or that name another host (11).</summary>
[Collection<ApiCollection>]
public sealed class SmugglingTests(PortalFixture portal)
{
    private const string Hidden = "GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "two lengths", "POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + Hidden },
        { "a negative length", "POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -2\r\n\r\n{}" + Hidden },
        { "an unknown encoding", "POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden },
        { "a chunk size that is no number", "POST /v2/models/x/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n" + Hidden },
        { "a line feed in a chunk extension", "POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a\nx\r\n{}\r\n0\r\n\r\n" + Hidden },
        { "a space before the colon", "GET /v2/health/live HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n" },
        { "a folded header", "GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n c\r\n\r\n" },
        { "two hosts", "GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n" },
        { "no host", "GET /v2/health/live HTTP/1.1\r\n\r\n" },
        { "a NUL in a header", "GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: \0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous), DisableDiscoveryEnumeration = true)]
    public async Task What_could_be_read_in_two_ways_is_refused_and_the_connection_closed(string what, string request)
    {
        var answer = await RawHttp.SendAsync(portal.Url, request);

        answer.Status.ShouldBeOneOf(["400", "401"], what);
        answer.Answers.ShouldBe(1, answer.Text);
        answer.Closed.ShouldBeTrue(answer.Text);
    }

    [Fact]
    public async Task With_length_and_chunks_at_once_nothing_behind_the_first_request_is_read()
    {
        var answer = await RawHttp.SendAsync(
            portal.Url, "POST /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Hidden);

        answer.Answers.ShouldBe(1, answer.Text);
        answer.Closed.ShouldBeTrue(answer.Text);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost@evil.example")]
    public async Task Another_host_is_400(string host)
    {
        var answer = await RawHttp.SendAsync(portal.Url, $"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBe("400", answer.Text);
    }

    [Fact]
    public async Task What_a_proxy_might_add_moves_nobody()
    {
        var (ours, theirs) = (await portal.TenantAsync("Forwarded"), await portal.TenantAsync("Elsewhere"));
        (string, string)[] forged =
        [
            ("X-Tenant-Id", theirs.Id.ToString()), ("X-Tenant", theirs.Slug), ("X-Forwarded-User", theirs.Administrator.Email), ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-For", "127.0.0.1"), ("X-Original-URL", "/api/v1/members"), ("X-HTTP-Method-Override", "DELETE"), ("Forwarded", "host=evil.example"),
        ];

        using var asNobody = Forged(HttpMethod.Get, "/api/v1/me", forged);
        using var nobody = portal.Portal.Client();
        ((int)(await nobody.SendAsync(asNobody)).StatusCode).ShouldBe(401);
        using var asViewer = Forged(HttpMethod.Get, "/api/v1/me", forged);
        var me = await (await ours.Administrator.Client.SendAsync(asViewer)).RequiredAsync();
        me.GetProperty("tenant").GetProperty("slug").GetString().ShouldBe(ours.Slug);
        using var page = Forged(HttpMethod.Get, $"/t/{ours.Slug}/projects", forged);
        page.Headers.Accept.ParseAdd("text/html");
        (await nobody.SendAsync(page)).Headers.Location!.ToString().ShouldNotContain("evil");
    }

    [Theory]
    [InlineData("/api/v1/uploads/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/v1/uploads/%252e%252e%252fetc%252fpasswd")]
    [InlineData("/api/v1/uploads/..%5c..%5cwin.ini")]
    [InlineData("/api/v1/uploads/..;/members")]
    [InlineData("/api/v1/datasets/%00/versions/1/data")]
    [InlineData("/_content/..%2f..%2fappsettings.json")]
    [InlineData("/%2e%2e/%2e%2e/appsettings.json")]
    public async Task A_path_leads_nowhere_but_to_routes(string path)
    {
        var administrator = (await portal.TenantAsync("Paths")).Administrator;

        var answer = await RawHttp.SendAsync(portal.Url, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {administrator.Token}\r\nConnection: close\r\n\r\n");

        answer.Status.ShouldBeOneOf("400", "404");
        answer.Text.ShouldNotContain("ConnectionStrings");
        answer.Text.ShouldNotContain("root:");
    }

    private static HttpRequestMessage Forged(HttpMethod method, string path, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
