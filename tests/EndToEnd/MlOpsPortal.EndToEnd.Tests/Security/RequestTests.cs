using System.Text;
using System.Text.Json;
using MlOpsPortal.EndToEnd.Journeys;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.EndToEnd.Security;

/// <summary>What a request may bring besides what was asked for.</summary>
[Collection<ApiCollection>]
public sealed class RequestTests(PortalFixture portal)
{
    /// <summary>Names with what breaks parsers, pages and databases.</summary>
    public static TheoryData<string> HostileNames =>
    [
        "a\0b", "line\nbreak", "\u202Egnp.exe", "\uD800", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'; DROP TABLE projects; --", "../../etc/passwd", "CON", "name.",
        "=cmd|' /C calc'!A0", "{{7*7}}", "${jndi:ldap://x}", new string('n', 5_000), " ", "\t",
    ];

    [Theory]
    [MemberData(nameof(HostileNames), DisableDiscoveryEnumeration = true)]
    public async Task A_hostile_name_is_kept_as_text_or_refused_and_never_an_error(string name)
    {
        var owner = (await portal.TenantAsync("Names"))[Role.BusinessOwner];

        using var answer = await owner.Client.PostAsync("/api/v1/projects", Json(new { name, summary = name }));

        ((int)answer.StatusCode).ShouldBeOneOf(201, 400);
        if ((int)answer.StatusCode == 201)
            (await answer.RequiredAsync()).GetProperty("project").GetProperty("name").GetString().ShouldBe(name.Trim().Normalize());
    }

    [Fact]
    public async Task Markup_in_a_name_is_text_on_a_page()
    {
        var tenant = await portal.TenantAsync("Markup");
        await TestTenant.ProjectOfAsync(tenant[Role.BusinessOwner], "<img src=x onerror=alert(1)>");
        using var session = await portal.Portal.SignInAsync(tenant[Role.BusinessOwner]);

        var page = await session.GetStringAsync($"/t/{tenant.Slug}/projects");

        page.ShouldContain("&lt;img src=x");
        page.ShouldNotContain("<img src=x");
    }

    [Fact]
    public async Task A_taken_name_and_a_stale_version_are_409_and_nothing_is_lost()
    {
        var tenant = await portal.TenantAsync("Together");
        var (ada, bob) = (tenant[Role.BusinessOwner], tenant[Role.DataScientist]);
        var project = await tenant.ProjectAsync("Shared");
        using var taken = await ada.Client.PostAsync("/api/v1/projects", Json(new { name = " sHARED ", summary = "again" }));
        ((int)taken.StatusCode).ShouldBe(409);

        using var seen = await bob.Client.GetAsync($"/api/v1/projects/{project.Id}");
        var answers = await Task.WhenAll(new[] { ada, bob }.Select(who => SaveAsync(who, project, seen.Headers.ETag!.Tag))); // every project has one

        answers.Order().ShouldBe([200, 409]);
        var statement = (await ada.GetAsync($"/api/v1/projects/{project.Id}")).GetProperty("project").GetProperty("problem").GetProperty("statement").GetString();
        statement.ShouldBe(answers[0] == 200 ? ada.Name : bob.Name);

        static async Task<int> SaveAsync(TestMember who, TestProject project, string version)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/projects/{project.Id}/problem") { Content = Json(new { statement = who.Name, value = "v" }) };
            request.Headers.TryAddWithoutValidation("If-Match", version);
            using var answer = await who.Client.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task Properties_that_nobody_may_set_change_nothing()
    {
        var (ours, theirs) = (await portal.TenantAsync("Assigned"), await portal.TenantAsync("Assigning"));
        var owner = ours[Role.BusinessOwner];
        var id = Guid.CreateVersion7().ToString("n");

        using var answer = await owner.Client.PostAsync("/api/v1/projects", Json(new
        {
            name = "Mine", summary = "Mine", id, tenantId = theirs.Id.ToString(), tenant = theirs.Slug, createdBy = theirs.Administrator.Id.ToString(), version = 99, stage = "Monitoring",
            archivedAt = "2020-01-01T00:00:00Z", role = "TenantAdministrator", isAdmin = true, hash = new string('0', 64),
        }));

        ((int)answer.StatusCode).ShouldBeOneOf(201, 400);
        var mine = (int)answer.StatusCode == 201 ? (await answer.RequiredAsync()).GetProperty("project").GetProperty("id").GetString() : "";
        mine.ShouldNotBe(id);
        (await theirs.Administrator.GetAsync("/api/v1/projects")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await owner.GetAsync("/api/v1/me")).GetProperty("roles").EnumerateArray().Select(role => role.GetString()).ShouldNotContain("tenantAdministrator");
        foreach (var project in (await owner.GetAsync("/api/v1/projects")).GetProperty("items").EnumerateArray())
            project.ToString().ShouldNotContain("2020-01-01");
    }

    [Theory]
    [InlineData("text/plain", "{}", 415)]
    [InlineData("application/x-www-form-urlencoded", "name=x", 415)]
    [InlineData("application/json; charset=utf-16", "{}", 400)]
    [InlineData("application/json", "{\"name\":\"x\",}", 400)]
    [InlineData("application/json", "{\"name\":", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", "null", 400)]
    [InlineData("application/json", "", 400)]
    [InlineData("application/json", "{\"name\":7,\"summary\":\"x\"}", 400)]
    public async Task A_body_that_is_none_is_refused_with_its_status(string type, string body, int status)
    {
        var owner = (await portal.TenantAsync("Bodies"))[Role.BusinessOwner];
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await owner.Client.PostAsync("/api/v1/projects", content);

        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
        (await answer.CodeAsync()).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Depth_and_size_do_not_hurt()
    {
        var owner = (await portal.TenantAsync("Deep"))[Role.BusinessOwner];
        using var deep = new StringContent("{\"name\":" + new string('[', 100_000), Encoding.UTF8, "application/json");
        using var large = new StringContent("{\"name\":\"" + new string('x', 40 * 1024 * 1024) + "\"}", Encoding.UTF8, "application/json");

        ((int)(await owner.Client.PostAsync("/api/v1/projects", deep)).StatusCode).ShouldBe(400);
        using var announced = new HttpRequestMessage(HttpMethod.Post, "/api/v1/projects") { Content = large };
        announced.Headers.ExpectContinue = true;
        ((int)(await owner.Client.SendAsync(announced)).StatusCode).ShouldBe(413);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=2147483648")]
    [InlineData("limit=x")]
    [InlineData("cursor=%00")]
    [InlineData("cursor=AAAA")]
    [InlineData("cursor=JyBPUiAxPTE")]
    [InlineData("archived=maybe")]
    public async Task A_page_that_cannot_be_asked_for_is_refused_or_the_nearest_one(string query)
    {
        var tenant = await portal.TenantAsync("Pages");
        await TestTenant.ProjectOfAsync(tenant[Role.BusinessOwner], "One");

        using var answer = await tenant[Role.BusinessOwner].Client.GetAsync("/api/v1/projects?" + query);

        ((int)answer.StatusCode).ShouldBeOneOf(200, 400);
        if ((int)answer.StatusCode == 200)
            (await answer.RequiredAsync()).GetProperty("items").GetArrayLength().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_cursor_of_another_tenant_opens_nothing_of_it()
    {
        var (ours, theirs) = (await portal.TenantAsync("Reading"), await portal.TenantAsync("Read"));
        foreach (var name in new[] { "first canary", "second canary", "third canary" })
            await TestTenant.ProjectOfAsync(theirs.Administrator, name);
        await TestTenant.ProjectOfAsync(ours.Administrator, "zzz ours");
        var cursor = (await theirs.Administrator.GetAsync("/api/v1/projects?limit=1")).GetProperty("nextCursor").GetString();

        using var answer = await ours.Administrator.Client.GetAsync("/api/v1/projects?cursor=" + Uri.EscapeDataString(cursor!)); // there are three

        ((int)answer.StatusCode).ShouldBeOneOf(200, 400);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("canary");
    }

    [Fact]
    public async Task One_key_is_one_effect_however_often_and_by_whomever()
    {
        var (ours, theirs) = (await portal.TenantAsync("Once"), await portal.TenantAsync("OnceAgain"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => WithKeyAsync(ours[Role.BusinessOwner], "the-key", "Once")));
        var stranger = await WithKeyAsync(theirs[Role.BusinessOwner], "the-key", "Theirs");

        answers.ShouldAllBe(answer => answer.Status == 201 || answer.Status == 409);
        answers.Where(answer => answer.Status == 201).Select(answer => answer.Id).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await ours[Role.BusinessOwner].GetAsync("/api/v1/projects")).GetProperty("items").GetArrayLength().ShouldBe(1);
        stranger.Status.ShouldBe(201);
        (await WithKeyAsync(ours[Role.BusinessOwner], "the-key", "Other body")).Status.ShouldBe(422);
        (await WithKeyAsync(ours[Role.BusinessOwner], new string('k', 256), "Long")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_token_that_is_none_of_ours_is_401_whatever_it_says_of_itself()
    {
        var administrator = (await portal.TenantAsync("Tokens")).Administrator;
        static string Part(object part) => System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
        var claims = Part(new { sub = administrator.Id.ToString(), aud = "mlopsportal", exp = 4102444800 });
        string[] tokens =
        [
            $"{Part(new { alg = "none" })}.{claims}.", $"{Part(new { alg = "HS256" })}.{claims}.{Part("x")}", $"{Part(new { alg = "RS256", jku = "https://evil.example/keys", kid = "../../dev/null" })}.{claims}.x",
            administrator.Token[..^1] + (administrator.Token[^1] == '0' ? '1' : '0'), administrator.Token + "0", administrator.Token.ToUpperInvariant(), "mlp_", "", "null", new string('a', 7_000),
        ];
        foreach (var token in tokens)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            using var nobody = portal.Portal.Client();
            ((int)(await nobody.SendAsync(request)).StatusCode).ShouldBe(401, token[..Math.Min(60, token.Length)]);
        }
    }

    [Theory]
    [InlineData("/api/2.0/mlflow/experiments/search")]
    [InlineData("/ajax-api/2.0/mlflow/runs/search")]
    [InlineData("/ajax-api/3.0/mlflow/runs/search")]
    [InlineData("/v1/traces")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/swagger")]
    [InlineData("/jobs")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/api/v1/projects")]
    public async Task Nothing_but_health_and_sign_in_answers_nobody(string path)
    {
        using var nobody = portal.Portal.Client();
        using var get = await nobody.GetAsync(path);
        using var post = await nobody.PostAsync(path, Json(new { }));

        ((int)get.StatusCode).ShouldBeOneOf(401, 404, 405);
        ((int)post.StatusCode).ShouldBeOneOf(401, 404, 405);
    }

    private static async Task<(int Status, string? Id)> WithKeyAsync(TestMember who, string key, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/projects") { Content = Json(new { name, summary = "s" }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await who.Client.SendAsync(request);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? (await answer.RequiredAsync()).GetProperty("project").GetProperty("id").GetString() : null);
    }

    /// <summary>Also of texts that are no valid Unicode: JsonSerializer would replace their halves.</summary>
    private static StringContent Json(object value) => new(
        JsonSerializer.Serialize(value).Replace("\\uFFFD", "\\uD800", StringComparison.Ordinal), Encoding.UTF8, "application/json");
}
