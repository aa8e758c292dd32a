using System.Net;
using System.Text.RegularExpressions;

namespace MlOpsPortal.Testing;

/// <summary>Signs a person in as a browser does, by the sign-in page's form; for tests that need its cookie but no browser.</summary>
public static partial class CookieSession
{
    /// <returns>A client that carries the session's cookie and follows no redirect.</returns>
    public static Task<HttpClient> SignInAsync(this TestPortal portal, TestMember member) => SignInAsync(portal, member, new CookieContainer());

    /// <param name="cookies">Gets what the browser would keep.</param>
    public static async Task<HttpClient> SignInAsync(this TestPortal portal, TestMember member, CookieContainer cookies)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = portal.Url };
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match input in Inputs().Matches(await client.GetStringAsync("/sign-in")))
            if (Attribute(input.Value, "name") is { } name)
                fields[name] = Attribute(input.Value, "type") switch { "email" => member.Email, "password" => member.Password, _ => Attribute(input.Value, "value") ?? "" };
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync("/sign-in", form);
        if (answer.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther))
            throw new InvalidOperationException($"{member.Email} could not sign in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return client;
    }

    private static string? Attribute(string element, string name) =>
        Regex.Match(element, $"\\b{name}=\"(?<value>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups["value"].Value) : null;

    [GeneratedRegex("<input[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Inputs();
}
