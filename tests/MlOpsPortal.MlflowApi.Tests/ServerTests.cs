using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MlOpsPortal.Platform.Permissions;
using MlOpsPortal.Testing;

namespace MlOpsPortal.MlflowApi;

[CollectionDefinition]
public sealed class PortalCollection : ICollectionFixture<PortalFixture>;

/// <summary>The frame of the wire: addresses, tokens, errors.</summary>
[Collection<PortalCollection>]
public sealed class ServerTests(PortalFixture portal)
{
    [Fact]
    public async Task Health_is_open_and_says_OK()
    {
        using var nobody = portal.Portal.Client();

        (await nobody.GetStringAsync("/health")).ShouldBe("OK");
        (await nobody.GetStringAsync("/t/anyone/health")).ShouldBe("OK");
    }

    [Theory]
    [InlineData("/api/3.0/mlflow/server-info")]
    [InlineData("/ajax-api/3.0/mlflow/server-info")]
    [InlineData("/api/2.0/mlflow/server-features")]
    [InlineData("/t/{slug}/api/3.0/mlflow/server-info")]
    [InlineData("/t/{slug}/ajax-api/3.0/mlflow/server-info")]
    [InlineData("/t/{slug}/version")]
    public async Task One_operation_is_found_under_each_of_its_addresses(string address)
    {
        var tenant = await portal.TenantAsync("Server");

        (await tenant[Role.Viewer].Client.GetAsync(address.Replace("{slug}", tenant.Slug, StringComparison.Ordinal))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_prefix_must_name_the_tokens_tenant()
    {
        var (tenant, other) = (await portal.TenantAsync("Server"), await portal.TenantAsync("Other"));

        using var answer = await tenant[Role.Viewer].Client.GetAsync($"/t/{other.Slug}/api/3.0/mlflow/server-info");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("ENDPOINT_NOT_FOUND");
    }

    [Fact]
    public async Task A_token_as_Basic_password_comes_in_whatever_the_user_name()
    {
        var tenant = await portal.TenantAsync("Server");
        using var client = portal.Portal.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"whoever:{tenant[Role.Viewer].Token}")));

        (await client.GetAsync("/api/3.0/mlflow/server-info")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("GET", "/api/3.0/mlflow/server-info", 401, "UNAUTHENTICATED")]
    [InlineData("GET", "/api/2.0/mlflow/no-such-thing", 401, "UNAUTHENTICATED")]
    public async Task Without_a_token_the_answer_is_401_in_JSON(string method, string address, int status, string code)
    {
        using var nobody = portal.Portal.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        await ShouldSayAsync(await nobody.SendAsync(request), status, code);
    }

    [Theory]
    [InlineData("GET", "/api/2.0/mlflow/no-such-thing", 404, "ENDPOINT_NOT_FOUND")]
    [InlineData("POST", "/ajax-api/2.0/mlflow/no-such-thing", 404, "ENDPOINT_NOT_FOUND")]
    [InlineData("POST", "/api/3.0/mlflow/traces", 404, "ENDPOINT_NOT_FOUND")]
    [InlineData("DELETE", "/api/3.0/mlflow/server-info", 405, "BAD_REQUEST")]
    public async Task What_is_not_served_says_so_in_JSON(string method, string address, int status, string code)
    {
        var tenant = await portal.TenantAsync("Server");
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        await ShouldSayAsync(await tenant[Role.Viewer].Client.SendAsync(request), status, code);
    }

    [Fact]
    public async Task A_cookie_opens_nothing_here()
    {
        var tenant = await portal.TenantAsync("Server");
        using var session = await portal.Portal.SignInAsync(tenant[Role.DataScientist]);

        await ShouldSayAsync(await session.GetAsync("/api/3.0/mlflow/server-info"), 401, "UNAUTHENTICATED");
    }

    private static async Task ShouldSayAsync(HttpResponseMessage answer, int status, string code)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        (await answer.RequiredOrNotAsync()).GetProperty("error_code").GetString().ShouldBe(code);
    }
}

internal static class Bodies
{
    /// <summary>The JSON of an answer, be it a success or not.</summary>
    public static async Task<System.Text.Json.JsonElement> RequiredOrNotAsync(this HttpResponseMessage answer) =>
        System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync());
}
